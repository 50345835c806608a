"""Domains where anyone can get an address: mail from one of them says nothing about a company."""

_DOMAINS = """
    163.com 126.com 139.com 188.com 189.cn 21cn.com 263.net aliyun.com foxmail.com qq.com sina.cn sina.com
    sohu.com tom.com wo.cn yeah.net 2980.com 263.net.cn citiz.net eyou.com hainan.net netease.com
    gmail.com googlemail.com
    hotmail.com hotmail.be hotmail.ca hotmail.ch hotmail.cl hotmail.co.il hotmail.co.jp hotmail.co.kr
    hotmail.co.nz hotmail.co.th hotmail.co.uk hotmail.co.za hotmail.com.ar hotmail.com.au hotmail.com.br
    hotmail.com.mx hotmail.com.tr hotmail.cz hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr hotmail.gr
    hotmail.hu hotmail.it hotmail.nl hotmail.no hotmail.ro hotmail.rs hotmail.se hotmail.sg
    live.at live.be live.ca live.cl live.cn live.co.uk live.co.za live.com live.com.ar live.com.au live.com.mx
    live.com.my live.com.pt live.com.sg live.de live.dk live.fi live.fr live.ie live.in live.it live.jp
    live.nl live.no live.ru live.se
    msn.com msn.cn outlook.at outlook.be outlook.cl outlook.co.id outlook.co.il outlook.co.th outlook.com
    outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr outlook.com.tr outlook.com.vn outlook.cz
    outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in outlook.it outlook.jp
    outlook.kr outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk passport.com
    windowslive.com
    yahoo.at yahoo.be yahoo.bg yahoo.ca yahoo.ch yahoo.cl yahoo.cn yahoo.co.id yahoo.co.il yahoo.co.in
    yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com yahoo.com.ar
    yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.co yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.ph
    yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.ua yahoo.com.ve yahoo.com.vn yahoo.cz yahoo.de yahoo.dk
    yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.hu yahoo.ie yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl
    yahoo.pt yahoo.ro yahoo.se myyahoo.com rocketmail.com ymail.com
    aim.com aol.co.uk aol.com aol.de aol.fr aol.it games.com love.com netscape.net wow.com
    icloud.com mac.com me.com
    gmx.at gmx.biz gmx.ch gmx.co.uk gmx.com gmx.de gmx.eu gmx.fr gmx.info gmx.li gmx.net gmx.org gmx.us
    web.de freenet.de t-online.de arcor.de email.de mail.de online.de posteo.de mailbox.org freemail.de
    alice-dsl.net kabelmail.de unitybox.de vodafonemail.de
    mail.com email.com usa.com post.com europe.com asia.com consultant.com engineer.com iname.com myself.com
    writeme.com
    mail.ru bk.ru inbox.ru internet.ru list.ru rambler.ru lenta.ru ro.ru autorambler.ru myrambler.ru xmail.ru
    yandex.by yandex.com yandex.com.tr yandex.kz yandex.ru yandex.ua yandex.uz ya.ru narod.ru pochta.ru
    ukr.net i.ua meta.ua bigmir.net email.ua online.ua tut.by mail.kz inbox.lv inbox.lt mail.ee
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr aliceadsl.fr club-internet.fr
    numericable.fr
    libero.it virgilio.it tiscali.it alice.it tin.it inwind.it iol.it fastwebnet.it email.it poste.it
    terra.es telefonica.net ono.com wanadoo.es sapo.pt mail.telepac.pt clix.pt iol.pt netcabo.pt
    telenet.be skynet.be proximus.be scarlet.be home.nl kpnmail.nl planet.nl hetnet.nl ziggo.nl xs4all.nl
    chello.nl casema.nl quicknet.nl upcmail.nl
    bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net
    wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu op.pl poczta.onet.pl poczta.fm tlen.pl gazeta.pl vp.pl
    seznam.cz email.cz centrum.cz post.cz volny.cz atlas.cz azet.sk centrum.sk zoznam.sk pobox.sk
    freemail.hu citromail.hu t-online.hu indamail.hu abv.bg mail.bg dir.bg gbg.bg net.hr
    otenet.gr hol.gr forthnet.gr in.gr mynet.com ttmail.com superonline.com ttnet.net.tr
    walla.co.il walla.com bezeqint.net netvision.net.il 012.net.il zahav.net.il
    btinternet.com ntlworld.com sky.com talktalk.net virginmedia.com blueyonder.co.uk tiscali.co.uk eircom.net
    telia.com spray.se comhem.se bredband.net online.no mail.dk jubii.dk tdcadsl.dk kolumbus.fi luukku.com
    suomi24.fi
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net charter.net cox.net earthlink.net juno.com
    netzero.net optonline.net roadrunner.com windstream.net frontier.com frontiernet.net centurylink.net
    rogers.com shaw.ca sympatico.ca telus.net videotron.ca bell.net
    bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz slingshot.co.nz
    bol.com.br uol.com.br terra.com.br ig.com.br globo.com globomail.com zipmail.com.br oi.com.br r7.com
    prodigy.net.mx terra.com.mx speedy.com.ar fibertel.com.ar arnet.com.ar ciudad.com.ar vtr.net
    entelchile.net
    une.net.co cantv.net terra.cl terra.com.pe
    rediffmail.com rediff.com indiatimes.com sify.com in.com vsnl.com vsnl.net sancharnet.in bsnl.in
    naver.com daum.net hanmail.net nate.com korea.com dreamwiz.com lycos.co.kr paran.com
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp ocn.ne.jp plala.or.jp
    so-net.ne.jp excite.co.jp goo.jp infoseek.jp
    netvigator.com hkstar.com hongkong.com biznetvigator.com hinet.net seed.net.tw pchome.com.tw kimo.com
    singnet.com.sg pacific.net.sg starhub.net.sg streamyx.com tm.net.my pldtdsl.net
    telkom.net plasa.com loxinfo.co.th vnn.vn hcm.vnn.vn hn.vnn.vn fpt.vn
    emirates.net.ae eim.ae maktoob.com batelco.com.bh qualitynet.net omantel.net.om cyberia.net.lb
    telkomsa.net mweb.co.za webmail.co.za vodamail.co.za iafrica.com africamail.com
    proton.me protonmail.ch protonmail.com pm.me tutanota.com tutanota.de tuta.com tuta.io tutamail.com
    zoho.com zohomail.com zohomail.eu zohomail.in fastmail.com fastmail.fm hushmail.com hey.com runbox.com
    startmail.com mailfence.com lycos.com excite.com inbox.com lavabit.com safe-mail.net
"""

FREE_MAIL_DOMAINS: frozenset[str] = frozenset(_DOMAINS.split())
