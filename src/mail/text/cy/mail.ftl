# Y ddolen y mae rhywun yn dod yn ôl i'w hatebion gyda hi, a'r hyn sydd ym mhob neges.
council = Eich cyngor
link-subject = Eich dolen i barhau â'ch newid treth gyngor
link = Gofynnoch i ni anfon y ddolen hon atoch. Gyda hi byddwch yn parhau o'r man lle stopioch:
link-not-sent = Nid ydym wedi cael eich newid eto. Cedwir eich atebion tan { $date }, yna cânt eu dileu.
link-secret = Gall unrhyw un sydd â'r ddolen hon weld eich atebion. Peidiwch ag anfon y neges hon ymlaen.
link-by-mistake = Nid oes neb yn darllen atebion i'r neges hon. Os na ofynnoch am ddolen, rhoddodd rhywun eich cyfeiriad i ni drwy gamgymeriad: dilëwch y neges hon.
