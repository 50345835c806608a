// Sends the letter to each buyer through nodemailer's pool: node nodemailer_send.js MODULE WORKSPACE PORT COUNT [FILE]
"use strict";
const fs = require("fs");
const path = require("path");
const [module_, workspace, port, count, file] = process.argv.slice(2);
const nodemailer = require(module_);

const words = JSON.parse(fs.readFileSync(path.join(workspace, "letter.json"), "utf8"));
const [head, ...lines] = fs.readFileSync(path.join(workspace, "contacts.csv"), "utf8").trim().split(/\r?\n/);
const names = head.split(",");
const buyers = lines.slice(0, Number(count)).map((line) => {
  const cells = line.split(",");
  return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
});
const filled = (text, buyer) =>
  text.replaceAll("{{first_name}}", buyer.first_name).replaceAll("{{company}}", buyer.company);

// So many are on their way at once: the pool is never idle, and memory stays what a sensible caller would use.
const AT_ONCE = 50;

async function main() {
  const transport = nodemailer.createTransport({
    host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
    pool: true, maxConnections: 5, maxMessages: Infinity,
  });
  const started = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let next = 0;
  async function worker() {
    while (next < buyers.length) {
      const buyer = buyers[next++];
      await transport.sendMail({
        from: "Wang Lei <wang@firm.example>",
        to: `${buyer.first_name} ${buyer.last_name} <${buyer.email}>`,
        subject: filled(words.subject, buyer),
        text: filled(words.text, buyer),
        html: filled(words.html, buyer),
        attachments: file ? [{ path: file }] : [],
      });
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const used = process.cpuUsage(cpu);
  transport.close();
  console.log(JSON.stringify({ seconds, cpu_seconds: (used.user + used.system) / 1e6 }));
}

main().catch((error) => { console.error(error); process.exit(1); });
