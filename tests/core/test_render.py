"""A pinned template and a contact become a message, or a fault that names file, line and contact."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from sequencer.core.render import Draft, render_step, render_task
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import Step, Template
from sequencer.testing import a_contact
from tests.core.versions import REP, SENDER, a_version, html_of, render, text_of, with_templates


def fault_of(body: str, **contact: object) -> RenderFault:
    with pytest.raises(RenderFault) as caught:
        render(a_version(body, body_line=5), a_contact(**contact))  # type: ignore[arg-type]
    return caught.value


def test_a_mail_reads_as_written_and_is_signed() -> None:
    draft = render(
        a_version("Hi {{ contact.first_name }},\n\nhow are you?\n", subject="For {{ contact.company }}")
    )
    assert draft.subject == "For Luso Tools Lda"
    assert draft.text == "Hi Ana,\n\nhow are you?\n\nLi Wei\nExport Manager\n"
    assert '<p style="margin:0 0 14px">Hi Ana,</p>' in draft.html
    assert "Li Wei<br>\nExport Manager</p>" in draft.html
    assert draft.template == draft.source == "t"


def test_a_printed_signature_is_not_appended_again() -> None:
    text = render(a_version("Hi\n\n{{ rep.signature }}\n\nOpt out: answer no\n")).text
    assert text == "Hi\n\nLi Wei\nExport Manager\n\nOpt out: answer no\n"


def test_a_rep_without_signature_signs_with_the_name() -> None:
    version = a_version("Hi\n")
    step = version.sequence.steps[0]
    draft = render_step(version, step, a_contact(), replace(REP, signature=""), SENDER, arm="t")
    assert draft.text == "Hi\n\nLi Wei\n"


def test_no_subject_means_in_the_thread() -> None:
    assert render(a_version("Hi\n", subject=None)).subject is None


def test_a_steps_own_subject_beats_its_templates() -> None:
    version = a_version("Hi\n", step=Step(id="one", template="t", subject="From {{ sender.company }}"))
    assert render(version).subject == "From Harbour & Sons"


@pytest.mark.parametrize(
    "body", ["Hi {{ contact.city }},", "{{ contact.city | upper }}", "{{ 'x ' ~ contact.city }}"]
)
@pytest.mark.parametrize("city", ["", "  "])
def test_an_empty_field_printed_bare_never_leaves(body: str, city: str) -> None:
    fault = fault_of(f"One\n\n{body}\n", city=city)
    assert str(fault) == "templates/t.md:7: contact.city is empty for ana.silva@lusotools.example"
    assert fault.hint == "give a value or write {{ contact.city or 'there' }}"


@pytest.mark.parametrize(
    "body",
    [
        "{{ contact.city or 'there' }}",
        "{{ contact.city | default('there') }}",
        "{% if contact.city %}{{ contact.city }}{% else %}there{% endif %}",
        "{{ contact.city if contact.city else 'there' }}",
        "{{ 'there' if contact.city == '' else contact.city }}",
        "{{ contact.extra.nickname or 'there' }}",
        "{{ 'there' if contact.extra['trade fair'] is not defined else 'x' }}",
    ],
)
def test_an_empty_field_can_be_given_another_value(body: str) -> None:
    assert text_of(body, a_contact(city="")) == "there"


def test_own_columns_are_printed() -> None:
    contact = a_contact(extra={"fair": "Canton", "hall no": "4.1"})
    assert text_of("{{ contact.extra.fair }} {{ contact.extra['hall no'] }}", contact) == "Canton 4.1"


@pytest.mark.parametrize("column", ["items", "keys", "values", "get", "pop", "copy", "update", "if", "class"])
def test_a_column_called_like_a_method_or_a_keyword_is_still_the_column(column: str) -> None:
    contact = a_contact(extra={column: "valves"})
    assert text_of(f"{{{{ contact.extra.{column} }}}}", contact) == "valves"
    assert text_of(f"{{{{ contact.extra.{column} or 'none' }}}}", a_contact(extra={})) == "none"


def test_the_contacts_id_is_the_users_own_else_the_address() -> None:
    assert text_of("{{ contact.id }}", a_contact(external_id="C-7")) == "C-7"
    assert text_of("{{ contact.id }}") == "ana.silva@lusotools.example"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("{{ contact.frist_name }}", "contact has no field 'frist_name'"),
        ("{{ nobody }}", "'nobody' is undefined"),
        ("{{ contact.tags }}", "only text and numbers can be printed"),
        ("{{ contact }}", "only text and numbers can be printed"),
        ("{{ 1 // 0 }}", "division"),
        ("{% include 'gone' %}", "includes 'gone', which is not in this version"),
    ],
)
def test_what_cannot_be_filled_is_a_fault_with_its_line(body: str, what: str) -> None:
    fault = fault_of(f"One\n\n{body}\n", tags=("a", "b"))
    assert fault.where == "templates/t.md:7"
    assert what in fault.message


@pytest.mark.parametrize(
    "body",
    [
        "{{ contact.__class__ }}",
        "{{ contact._values }}",
        "{{ contact.name.__class__.__mro__ }}",
        "{{ ''.join.__globals__ }}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ range(999999999) | join }}",
        "{{ lipsum(n=100000) }}",
        "{{ cycler }}",
        "{{ contact.tags.append('x') }}",
        "{{ self }}",
    ],
)
def test_the_sandbox_gives_nothing_away(body: str) -> None:
    assert fault_of(body).where == "templates/t.md:5"


def test_a_text_that_grows_without_end_is_a_fault() -> None:
    tags = tuple("tag" for _ in range(400))
    body = "{% for a in contact.tags %}{% for b in contact.tags %}{{ a }}{{ b }}{% endfor %}{% endfor %}"
    assert "grows beyond" in fault_of(body, tags=tags).message


@pytest.mark.parametrize("key", ["body", "subject", "preheader"])
@pytest.mark.parametrize(
    "value", ["a\r\nBcc: x@x.example", "a\nb", "a\x00b", "a\x1b[0m", "a\u2028b", "a\u202eb", "\ud800"]
)
def test_line_breaks_and_controls_in_a_value_are_refused_everywhere(key: str, value: str) -> None:
    parts = {"body": "Hi", "subject": "Hello"} | {key: "For {{ contact.company }}"}
    with pytest.raises(RenderFault, match=r"has (a line break|the control character)") as caught:
        render(a_version(**parts), a_contact(company=value))  # type: ignore[arg-type]
    assert "ana.silva@lusotools.example" in caught.value.message


def test_a_value_cannot_make_a_subject_pretend_to_be_an_answer() -> None:
    with pytest.raises(RenderFault, match="begins with 'RE:'"):
        render(a_version("Hi", subject="{{ contact.company }}"), a_contact(company="RE: invoice"))


def test_a_subject_of_values_that_comes_out_empty_or_endless_is_a_fault() -> None:
    with pytest.raises(RenderFault, match="comes out empty"):
        render(a_version("Hi", subject="{% if contact.city %}x{% endif %}"))
    with pytest.raises(RenderFault, match="characters long"):
        render(a_version("Hi", subject="{{ contact.company }}"), a_contact(company="x" * 251))


def test_the_language_sibling_is_taken_for_regions_too() -> None:
    version = with_templates(a_version("Hello\n"), t__es="Hola\n", t__zh_cn="x")
    for language, expected in {
        "es": "Hola",
        "es-MX": "Hola",
        "ES_mx": "Hola",
        "de": "Hello",
        "": "Hello",
    }.items():
        draft = render(version, a_contact(language=language))
        assert draft.text.startswith(expected)
        assert draft.template == "t"
    assert 'lang="es" dir="ltr"' in render(version, a_contact(language="es-MX")).html
    assert render(version, a_contact(language="es")).source == "t.es"


def test_a_language_written_from_right_to_left_says_so() -> None:
    assert 'lang="ar" dir="rtl"' in render(a_version("x", language="ar")).html


def test_a_partial_is_rendered_in_place_and_its_faults_name_it() -> None:
    version = with_templates(
        a_version("Hi\n\n{% include '_foot' %}\nBye\n"), _foot="One\n{{ contact.city }}\n"
    )
    assert render(version, a_contact(city="Porto")).text.startswith("Hi\n\nOne\nPorto\n\nBye\n")
    with pytest.raises(RenderFault) as caught:
        render(version)
    assert caught.value.where == "templates/_foot.md:2"


def test_an_override_replaces_body_or_subject_or_both() -> None:
    version = a_version("Hi\n", subject="Hello")

    def overridden(**fields: object) -> Draft:
        override = Template(**({"name": "overrides/s/a/one.md", "subject": None, "body": ""} | fields))  # type: ignore[arg-type]
        return render(version, override=override)

    both = overridden(body="Dear {{ contact.first_name }}\n", subject="Only you")
    assert (both.subject, both.text.splitlines()[0]) == ("Only you", "Dear Ana")
    assert overridden(body="Dear\n").subject == "Hello"
    assert overridden(subject="Only you").text.startswith("Hi\n")
    with pytest.raises(RenderFault) as caught:
        overridden(body="a\n{{ contact.city }}\n")
    assert caught.value.where == "overrides/s/a/one.md:2"


def test_attachments_are_named_by_step_and_template_once_each() -> None:
    step = Step(id="one", template="t", attach=("a.pdf", "quotes/{{ contact.id }}.xlsx"))
    version = a_version("Hi", step=step, attach=("catalogue-{{ contact.language }}.pdf", "a.pdf"))
    assert render(version, a_contact(external_id="C-7")).attach == (
        "a.pdf",
        "quotes/C-7.xlsx",
        "catalogue-en.pdf",
    )


@pytest.mark.parametrize("value", ["../../config", "a/b", "..", "C:x", "a\\b", "a\nb", ""])
def test_a_value_cannot_lead_an_attachment_elsewhere(value: str) -> None:
    step = Step(id="one", template="t", attach=("q/{{ contact.extra.file }}",))
    with pytest.raises(RenderFault):
        render(a_version("Hi", step=step), a_contact(extra={"file": value}))


def test_a_tasks_title_is_rendered_in_one_line() -> None:
    step = Step(
        id="call",
        task="Call {{ contact.first_name }}{% if contact.phone %} on {{ contact.phone }}{% endif %}\n",
    )
    version = a_version("x", step=step)
    assert render_task(version, step, a_contact(), REP, SENDER) == "Call Ana"
    assert render_task(version, step, a_contact(phone="+351 1"), REP, SENDER) == "Call Ana on +351 1"


def test_the_fingerprint_changes_only_with_what_was_said() -> None:
    version = a_version("Hi {{ contact.first_name }}")
    before = render(version).fingerprint
    assert render(version, a_contact(note="met at the fair", phone="1")).fingerprint == before
    assert render(version, a_contact(first_name="Rui")).fingerprint != before


def test_the_paragraph_with_the_postal_address_is_small_print_and_no_other() -> None:
    footer = "no: answer no\n{{ sender.company }}, {{ sender.postal_address }}\n"
    body = "Hi\n\nFrom {{ sender.company }}\n\n" + footer
    draft = render(a_version(body))
    small = [part for part in draft.html.split("<p ") if "font-size:13px" in part.partition(">")[0]]
    assert len(small) == 1
    assert "no: answer no<br>" in small[0]
    assert SENDER.postal_address in small[0]
    assert draft.text.endswith(
        f"no: answer no\n{SENDER.company}, {SENDER.postal_address}\n\nLi Wei\nExport Manager\n"
    )


def test_a_postal_address_in_a_link_is_still_its_value() -> None:
    html = html_of("[map](https://x.example/?q={{ sender.postal_address }})")
    assert quote(SENDER.postal_address, safe="@") in html


def test_the_preheader_is_hidden_by_nothing_that_filters_look_for() -> None:
    html = render(a_version("Hi", preheader="Come in")).html
    hidden = html[html.index("<span") : html.index(">Come in")]
    assert "display:none" in hidden
    for trick in ("font-size", "opacity", "visibility", "color"):
        assert trick not in hidden


def test_the_preheader_is_hidden_text_text_of_the_html_part_alone() -> None:
    draft = render(a_version("Hi", preheader="For <{{ contact.company }}>"))
    assert ">For &lt;Luso Tools Lda&gt;</span>" in draft.html
    assert "Luso" not in draft.text


def test_nothing_is_loaded_from_anywhere() -> None:
    html = html_of("Hi [us](https://ourfirm.example)\n")
    assert "<img" not in html
    assert "<link" not in html
    assert "src=" not in html
    assert "@import" not in html


def test_versions_with_one_hash_by_mistake_do_not_share_compiled_templates() -> None:
    first, second = a_version("{% include 'p' %}"), a_version("{% include 'p' %}")
    first, second = with_templates(first, p="one"), with_templates(second, p="two")
    assert render(first).text.startswith("one")
    assert render(second).text.startswith("two")
