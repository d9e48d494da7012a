import Testing
import TriageText

/// Addresses in unusual notations, and what only looks like one.
struct MaskAddressTests {
    @Test(arguments: [
        ("bounce+ann.lee=firm.example@mta.example.com back", "[EMAIL] back"),
        ("SRS0=HHH=TT=firm.example=ann@fwd.example.org", "[EMAIL]"),
        ("to=ann@example.org", "to=[EMAIL]"), ("\"ann lee\"@example.org wrote", "[EMAIL] wrote"),
        ("help@\nexample.org now", "[EMAIL] now"),
        ("ann.lee (at) example.org", "[EMAIL]"), ("ann.lee[at]example[dot]org", "[EMAIL]"),
        ("ann [at] haus [dot] example", "[EMAIL]"),
        ("ann@example.compasswords fail", "[EMAIL]passwords fail"),
        ("ann@example.comPlease help", "[EMAIL]Please help"),
        ("ann@example.org.Please help", "[EMAIL].Please help"), ("ann@firma.deist weg", "[EMAIL]ist weg"),
        ("o'neil@example.ie", "[EMAIL]"), ("ann.lee @ example.org bitte", "[EMAIL] bitte"),
        ("ann.lee[@]example.org", "[EMAIL]"), ("ann.lee {at} example.org", "[EMAIL]"),
        ("Ann.Lee@Firma.Co.UK locked", "[EMAIL] locked"), ("ann@firma.example.COM", "[EMAIL]"),
        ("root@localhost, root@srv-mail01", "[EMAIL], [EMAIL]"),
        ("icon@2x and Lunch @ noon", "icon@2x and Lunch @ noon"),
    ])
    func `mail addresses in other forms`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        ("DHCP release 203.0.113.44 failed", "DHCP release [IP] failed"),
        ("DHCP release 85.14.2.9 failed", "DHCP release [IP] failed"),
        ("kernel: 203.0.113.44 martian", "kernel: [IP] martian"),
        ("version 1.2.3.4, 203.0.113.44", "version 1.2.3.4, [IP]"),
        ("server 203.000.113.010 down", "server [IP] down"),
        ("beacon to 203[.]0[.]113[.]7", "beacon to [IP]"),
        ("gateway 203.0.113.44is down", "gateway [IP]is down"), ("192.0.2.2and192.0.2.3", "[IP]and[IP]"),
        ("IPv6:2001:db8::1", "IPv6:[IP]"),
        ("host ip-203-0-113-7.ec2.internal", "host [URL]"), ("hxxps://evil[.]example/x", "[URL]"),
        ("evil[.]example[.]org", "[URL]"),
        ("AnyConnect 11.2.3.4 runs.\n11.9.8.7 scans", "AnyConnect 11.2.3.4 runs.\n[IP] scans"),
        ("Firmware 10.1.0.0 ist neu.\nSeither 10.1.0.7", "Firmware 10.1.0.0 ist neu.\nSeither [IP]"),
        ("Client 10.4.4.12 cannot log in", "Client [IP] cannot log in"),
        ("client 85.14.2.9:51234 denied", "client [IP]:51234 denied"),
        ("update from 10.4.4.12 fails", "update from [IP] fails"),
        ("migrated from 10.4.4.12 to 10.5.4.12", "migrated from [IP] to [IP]"),
        ("203.0.113.10-203.0.113.20 is the pool", "[IP]-[IP] is the pool"),
        ("85.14.2.9 crashes", "[IP] crashes"), ("ping 9.2.0.1 works", "ping [IP] works"),
    ])
    func `internet addresses in other forms`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        "AnyConnect 4.10.5.85 fails", "FortiClient 7.0.9.0 fails", "SQL Server 15.0.2.10 stops",
        "after the update to 10.2.3.4 it fails",
        "Seit dem Update auf 12.1.0.7", "mise à jour vers 12.1.0.7", "actualización a 12.1.0.7",
        "aggiornamento alla 12.1.0.7", "aktualizacji do 12.1.0.7",
        "upgrade naar 12.1.0.7", "升级到10.2.0.7后", "10.2.3.4に更新したら", "версия 8.3.24.1, на другом 8.3.22.9",
        "Kapitel 3.1.4.2", "第4.1.3.2節",
        "driver 12.19.2.45", "1.2.3.4rc1", "9.2.0.1 crashes, 9.1.0.3 works", "fixed in 9.2.0.1?",
        "seit 9.2.0.1",
        "upgraded from 9.1.0.3 to 9.2.0.1", "Client 9.2.0.1 fails",
        "versions:\n9.2.0.1 - good\n9.2.4.1 - bad",
        "component 9.2.0.1",
        "mise à jour 23.5.1.8 échouée", "uppdatering 23.5.1.8 fel", "opdatering 23.5.1.8 fejl",
        "oppdatering 23.5.1.8 feil", "päivitys 23.5.1.8 ei toimi", "güncelleme 23.5.1.8 hatası",
        "更新 23.5.1.8 失败",
        "phiên bản 23.5.1.8 lỗi", "bản cập nhật 23.5.1.8", "frissítés 23.5.1.8 hiba",
        "actualizare 23.5.1.8 eroare",
        "ažuriranje 23.5.1.8 greška", "naujinimas 23.5.1.8", "atjauninājums 23.5.1.8",
        "uuendus 23.5.1.8 viga",
        "posodobitev 23.5.1.8 napaka", "pembaruan 23.5.1.8 gagal", "actualització 23.5.1.8",
        "versio 23.5.1.8 kaatuu",
    ])
    func `versions and sections stay`(text: String) {
        #expect(Masker().mask(text).text.string == text)
    }

    @Test(arguments: [
        "uppdatering misslyckas på 203.0.113.7", "更新 10.20.3.4 的配置", "更新 85.1.2.3 的证书",
        "uppdatering 203.0.113.9 svarar inte", "päivitys palvelimelta 198.51.100.9",
        "opdatering 192.168.4.7", "güncelleme sunucusu 203.0.113.9",
    ])
    func `addresses near words for an update are masked`(text: String) {
        #expect(Masker().mask(text).text.string.contains("[IP]"))
    }

    @Test(arguments: [
        ("MAC 021A2B3C4D5E fails", "MAC [MAC] fails"), ("MAC:- 021A2B3C4D5E", "MAC:- [MAC]"),
        ("MAC02:1A:2B:3C:4D:5E", "MAC[MAC]"),
        ("MAC:02:1A:2B:3C:4D:5E", "MAC:[MAC]"), ("021a2b-3c4d5e up", "[MAC] up"),
        ("dev_AA_BB_CC_DD_EE_0F", "dev_[MAC]"), ("Device 0011.2233.4455", "Device [MAC]"),
        ("hardware address 02 1A 2B 3C 4D 5E", "hardware address [MAC]"),
        ("021A2B3C4D5E (adresse MAC)", "[MAC] (adresse MAC)"),
        ("MAC 02:1A:2B:3C:4D:5E und 021A2B3C4D5F", "MAC [MAC] und [MAC]"),
        ("mac 021a-2b3c-4d5e", "mac [MAC]"), ("WLAN-MAC: 021A2B3C4D5E", "WLAN-MAC: [MAC]"),
        ("serial 021A2B3C4D5E", "serial 021A2B3C4D5E"),
        ("contract 9100.6151.2209", "contract 9100.6151.2209"),
        ("3f:9a:c1:07:3f:9a:c1:07:3f:9a", "3f:9a:c1:07:3f:9a:c1:07:3f:9a"),
    ])
    func `hardware addresses by notation and context`(text: String, expected: String) {
        #expect(Masker(Masker.Options(kinds: [.mac])).mask(text).text.string == expected)
    }

    @Test(arguments: [
        "Drucker geht nicht.es kommt nichts", "ich kann nicht drucken.se meldet", "la app se cierra.de nuevo",
        "The script clean.pl stops", "main.rs:120",
        "o sistema.eu não consigo", "non funziona.it dice errore", "d.h.es geht", "bzw.auf dem Ordner",
        "bijv.de machine", "Booking.com reservations fail",
        "The monday.com board is empty", "ebay.de order missing", "GMX.net Postfach voll",
        "Salesforce.com works",
        "H2O.ai for analysis",
        "state.courses.isLoading", "tf.image.combined_nms", "image1.at<uchar>(0)",
        "yolov8n-pose.pt", "Foo.java:219", "works fine.me too", "deploy.sh:14",
    ])
    func `words, products and files are no host names`(text: String) {
        #expect(Masker().mask(text).text.string == text)
    }

    @Test(arguments: [
        ("vpn.acme.io is down", "[URL] is down"), ("panel.firma.pl is down", "[URL] is down"),
        ("strona acme.pl nie działa", "strona [URL] nie działa"),
        ("Webseite acme.es fehlt", "Webseite [URL] fehlt"), ("acme-shop.de fehlt", "[URL] fehlt"),
        ("acme.de/login fehlt", "[URL] fehlt"),
        ("acme.de ist weg", "[URL] ist weg"), ("bücherei.example.org", "[URL]"), ("srv1.corp.local", "[URL]"),
        ("acme.fr:8443", "[URL]"),
    ])
    func `host names by their top level and context`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }
}
