/// The lists of `NumberWords`: the languages in which masking is measured, and their neighbours.
///
/// Case and accents do not matter. A word need not be listed with an ending of one or two letters that leaves
/// five, nor as a compound with "nummer" or "number".
extension NumberWords {
    static let telephoneWords = [
        // English.
        """
        doorkies doorkiesnummer phn mobno mobileno phoneno contactno whatsappno
        sim esim vast vaste phone phones telephone telephones tel tels tele mobile mobiles cell cellphone
        fax faxes telefax landline hotline whatsapp sms mob ph fon dial pager freephone
        """,
        // German, Dutch, Scandinavian, Finnish.
        """
        telefon telefonnr telnr tel handy handys mobil mobilfunk mobiltelefon rufnr durchwahl festnetz
        faxnr telefoon mobiel mobieltje gsm tfn tlf tlfnr puhelin puh matkapuhelin kännykkä kännykän
        puhelinnumero sími
        """,
        // French, Spanish, Portuguese, Italian, Romanian.
        """
        téléphone téléphones tél télécopie télécopieur teléfono teléfonos tfno tlf tlfno telf tno telef
        móvil móviles celular cel telefone telefones telemóvel telm tlm fone telefono telefoni cellulare
        telefonul telefonic
        """,
        // Polish, Czech, Slovak, Hungarian, Turkish.
        """
        telefonu telefonie telefonem telefoniczny telefonicznie komórka komórki komórkę komórkowy kom faks
        faksu telefonní telefonne mobilní telefonszám telefonom telefonszámom mobilszám mobilom telefonum
        telefonunuz telefonumuz cep ceptelefonu
        """,
        // Cyrillic.
        """
        тел телефон телефона телефону телефоном телефоны моб мобильный мобильного мобильник мобильная
        сотовый сот факс факса ватсап вотсап вайбер мобільний мобільного стільниковий мобилен мобилния
        джиесем
        """,
        // Greek.
        """
        τηλ τηλέφωνο τηλεφώνου τηλέφωνα τηλεφωνικός κιν κινητό κινητού κινητά σταθερό φαξ
        """,
        // Arabic, Persian, Hebrew.
        """
        هاتف الهاتف هاتفي هاتفه هاتفك للهاتف جوال الجوال جوالي جواله موبايل الموبايل موبايلي تلفون التلفون
        تليفون التليفون تليفوني فاكس الفاكس واتساب الواتساب محمول المحمول نقال النقال تلفن موبایل همراه טל
        טלפון הטלפון בטלפון לטלפון טלפוני נייד הנייד בנייד לנייד פקס סלולרי סלולארי הסלולרי פלאפון ווטסאפ
        וואטסאפ
        """,
        // Hindi, Vietnamese, Indonesian.
        """
        फ़ोन फोन मोबाइल टेलीफोन टेलीफ़ोन दूरभाष फ़ैक्स फैक्स व्हाट्सएप व्हाट्सऐप thoại đt sđt telepon
        telpon telp ponsel
        """,
        // Chinese, Japanese, Korean, Thai.
        """
        电话 電話 电话号 电话号码 電話號碼 手机 手機 手机号 手机号码 手機號碼 座机 座機 热线 熱線 专线 專線 传真 傳真 行動電話 移动电话 固话 总机 总机号 携帯 携帯電話 電話番号
        携帯番号 ファックス ファクス ファックス番号 直通 電話先 전화 전화번호 휴대폰 휴대전화 핸드폰 팩스 모바일 연락처 โทร โทรศัพท์ มือถือ เบอร์ เบอร์โทร
        แฟกซ์ โทรสาร
        """,
    ]

    static let contactWords = [
        // English.
        """
        averías avarias guasti panne dépannage pannes
        call calling callback contact contacts reach reached reachable ring rang dialled dialed
        switchboard oncall
        """,
        // German, Dutch, Scandinavian, Finnish.
        """
        anrufen anruf anrufe angerufen rückruf rückrufe zurückrufen rufen ruf rufe ruft erreichbar
        erreichen erreiche erreicht telefonisch kontakt kontaktieren bereitschaft notdienst zentrale bel
        bellen belt gebeld terugbellen bereikbaar bereiken ringa ringde ringe ringer nås kontakta kontakte
        soita soittaa soittakaa soitti yhteys yhteystiedot
        """,
        // French.
        """
        appeler appelez appelle appel appels appelé rappeler rappelez rappel joindre joignable contacter
        contactez portable fixe standard astreinte
        """,
        // Spanish.
        """
        llamar llame llamen llama llamo llamad llámame llámeme llámenme llamada llamadas llamando
        contactar contacto marcar marque guardia fijo
        """,
        // Portuguese, Italian, Romanian.
        """
        ligar ligue liga ligou liguem ligação contactar contato contatar chamar chiamare chiama chiami
        chiamate chiamatemi chiamami chiamata contattare contattatemi contatto contatti recapito recapiti
        richiamare richiamate reperibile reperibilità fisso sunați apelați
        """,
        // Polish, Czech, Hungarian, Turkish.
        """
        dzwonić dzwoni zadzwoń zadzwonić dzwonił dzwoniła dzwonię dzwońcie oddzwonić oddzwoń kontaktować
        kontaktowy kontaktowego dyżurny dyżur volejte volat zavolejte zavolat hívjon hívja hívás elérhető
        arayın arayınız ara arama iletişim ulaşabilirsiniz
        """,
        // Cyrillic.
        """
        звонить звоните позвоните позвонить перезвоните перезвонить звонил звонила звонок звонки связаться
        связь набрать наберите дежурный контактный дзвонити дзвоніть телефонуйте зателефонуйте
        передзвоніть дзвінок черговий обадете
        """,
        // Greek, Arabic, Hebrew.
        """
        καλέστε κάλεσε κλήση κλήσεις επικοινωνία επικοινωνήστε اتصل اتصلوا الاتصال اتصال للتواصل التواصل
        للاتصال תתקשרו התקשרו להתקשר תתקשר צלצלו
        """,
        // Other scripts.
        """
        致电 致電 拨打 撥打 拨 撥 联系 联系我 聯絡 联系方式 回电 連絡先 連絡 折り返し 연락 ติดต่อ कॉल संपर्क gọi hubungi
        """,
    ]

    static let cardWords = [
        // Latin.
        """
        card cards cc creditcard credit debit visa mastercard amex maestro discover diners jcb unionpay
        pan kreditkarte kreditkarten karte karten carte cartes tarjeta tarjetas cartão cartões carta
        kreditkort bankkort betalkort dankort kortet kredittkort kort bankkarte girocard kaart creditcards
        kaartnummer betaalkaart karta karty kartę kartą karcie kart kartu kartım kártya bankkártya kártyám
        platební kortti kortin luottokortti kartasi thẻ kartı
        """,
        // Other scripts.
        """
        карта карты карту картой карте картка картки картку мир κάρτα κάρτας بطاقة البطاقة بطاقتي כרטיס
        הכרטיס אשראי 卡 卡号 卡號 信用卡 银行卡 储蓄卡 银联 カード カード番号 카드 카드번호 บัตร เลขบัตร कार्ड
        """,
    ]

    static let accountWords = [
        """
        iban konto kontonummer bankverbindung account acct compte cuenta conta conto rekening rachunek
        rachunku kontot tili účet cont számla hesap счет счёт рахунок λογαριασμός bic
        """
    ]

    static let registerWords = [
        """
        matricule รหัส
        compteur contador medidor contatore zähler meter licznik licznika счётчик счётчика лічильник
        μετρητής عداد العداد מונה teller serial sn seriennummer matricola matr matrícula imei imsi iccid
        icc vin inventar inventario inventaire seriale numeru referencia référence reference ref artikel
        """
    ]

    static let thingWords = [
        // English.
        """
        uid
        referenz fiscal nfe order orders ordered ticket tickets case cases invoice invoices id ids refs
        references version build sku part parts model po pn tracking transaction error code codes row rows
        page amount total price pid process size bytes seed issue pr commit policy policies asset
        assets tag inventory contract contracts agreement incident incidents request requests req meter
        meters room rooms building locker badge permit licence license patent passport article item items
        product batch lot shipment delivery parcel package consignment waybill awb container vehicle plate
        registration reg voucher coupon receipt booking reservation confirmation claim claims quote
        quotation project job task change chg inc sr wo workorder problem prb rma terminal zip postal
        postcode isbn issn ean upc gtin barcode bic swift vat tax ssn nhs abn ein duns loan lease mandate
        lead record document doc file drawing revision release firmware bios driver kernel patch seat gate
        flight train sensor station cost centre center ledger budget sort routing hash checksum epoch
        timestamp vendor membership subscription plot cabinet rack slot bin shelf token coordinates gps
        lat lon latitude longitude date extension ext account username userid index
         protocol cheque
        """,
        // German.
        """
        bestellung bestellungen bestell auftrag aufträge auftrags rechnung rechnungen vorgang vorgänge
        personalnummer personalnummern personalnr vertrag verträge vertrags zähler zählerstand stand teil teile ersatzteil lieferung lieferschein
        sendung paket charge serien gerät anlage anlagen kostenstelle beleg belege buchung kassenzeichen
        aktenzeichen az zeichen gz mandat gläubiger kreditor debitor störung meldung anfrage antrag fall
        akte angebot zimmer raum gebäude platz fahrgestell kennzeichen plz postleitzahl kundenkonto
        versicherung police schaden steuer steuernr ust seite zeile betrag summe preis menge fehler
        fehlercode ausweis chip maschine mast koordinaten prozess modell typ matrikel projekt los position
        pos kasse inv inventarnr kunden
        """,
        // French.
        """
        commande commandes facture factures contrat contrats dossier dossiers réf pièce pièces série colis
        suivi expédition livraison bon devis demande compteur chambre salle bâtiment siret siren tva
        sinistre reçu réservation erreur montant matériel actif étiquette immatriculation châssis virement
        opération projet modèle borne licence brevet passeport autorisation bordereau requête
        """,
        // Spanish, Portuguese.
        """
        pedido pedidos factura facturas contrato contratos expediente expedientes artículo pieza repuesto
        serie lote paquete envío seguimiento albarán presupuesto incidencia incidencias incidente
        solicitud contador medidor habitación sala aula nif cif póliza siniestro recibo resguardo reserva
        página importe activo etiqueta bastidor mandato transferencia operación proyecto versión modelo
        licencia pasaporte autorización justificante registro orden caso boleto folio guía remisión
        encomenda encomendas fatura faturas processo processos referência artigo peça peças pacote envio
        rastreio rastreamento guia orçamento chamado chamados ocorrência solicitação quarto cnpj cpf
        apólice sinistro património patrimônio chassi transferência operação projeto versão licença
        passaporte autorização protocolo nota registo requisição ativo
        """,
        // Italian.
        """
        ordine ordini fattura fatture contratto contratti pratica pratiche riferimento rif articolo
        articoli ricambio pezzo pacco collo spedizione bolla ddt preventivo segnalazione richiesta
        contatore stanza camera polizza ricevuta prenotazione errore pagina importo totale cespite
        etichetta targa telaio bonifico operazione progetto versione modello terminale licenza brevetto
        passaporte autorizzazione protocollo cro codice tessera prestito denuncia fornitura
        """,
        // Dutch, Scandinavian, Finnish.
        """
        bestelling bestellingen factuur facturen onderdeel zending levering offerte storing melding
        aanvraag kamer ruimte lokaal gebouw polis schade reservering fout bedrag totaal activa kenteken
        machtiging overboeking licentie paspoort zaak kenmerk btw kvk bsn ordre beställning bestilling
        faktura avtal aftale avtale ärende sag sak vare varenr paket pakke försändelse forsendelse sending
        offert tilbud mätare måler rum rom værelse kvitto kvittering bokning fel fejl feil belopp beløb
        registrering prosjekt tilaus lasku sopimus tiketti pyyntö tuote osa sarja paketti lähetys tarjous
        mittari huone kuitti varaus virhe
        """,
        // Polish.
        """
        zamówienie zamówienia zamówieniu faktura faktury fakturę umowa umowy umowę sprawa sprawy sprawę
        zgłoszenie zgłoszenia zgłoszeniu referencyjny artykuł część części seryjny serii partia paczka
        paczki paczkę przesyłka przesyłki przesyłkę list zwrot oferta incydent wniosek wniosku licznik
        licznika pokój pokoju budynek polisa polisy szkoda szkody paragon rezerwacja rezerwacji błąd kwota
        inwentarzowy etykieta rejestracja nadwozia przelew przelewu operacja projekt wersja terminal
        licencja paszport dowód protokół nip regon pesel klienta katalogowy działka mpk kod
        """,
        // Czech, Slovak, Hungarian, Romanian, Turkish.
        """
        objednávka objednávky smlouva smlouvy zmluva tiket požadavek položka díl sériové zásilka zásilky
        nabídka elektroměr místnost pojistka účtenka rezervace chyba částka rendelés megrendelés szerződés
        jegy hibajegy bejelentés cikkszám alkatrész csomag ajánlat mérőóra szoba comandă comenzii contract
        tichet cerere piesă colet ofertă contor cameră poliță chitanță rezervare eroare sipariş fatura
        sözleşme talep kayıt parça ürün seri kargo takip teklif sayaç oda poliçe makbuz rezervasyon hata
        demirbaş plaka
        """,
        // Cyrillic.
        """
        заказ заказа договор договора накладная накладной заявка заявки заявку обращение обращения тикет
        тикета инцидент артикул деталь запчасть серийный серия партия посылка посылки отправление
        отправления трек возврат претензия запрос счётчик счетчик кабинет комната помещение здание полис
        чек квитанция бронь ошибка сумма инвентарный актив госномер кузов платёж операция проект версия
        модель терминал лицензия паспорт снилс инн кпп огрн протокол акт чертёж каталожный лот табельный
        пропуск код индекс дело замовлення замовленню договір накладна заява заяви звернення відправлення
        запит лічильник кімната поліс помилка інвентарний термінал єдрпоу іпн справа поръчка фактура
        сметка част сериен пратка заявление електромер стая полица грешка егн еик преписка
        """,
        // Greek.
        """
        παραγγελία παραγγελίας σύμβαση σύμβασης συμβόλαιο συμβολαίου τιμολόγιο τιμολογίου λογαριασμού
        αίτημα αιτήματος περιστατικό περιστατικού εξάρτημα ανταλλακτικό κωδικός κωδικό σειριακός σειράς
        παρτίδα δέμα αποστολή αποστολής προσφορά μετρητής δωμάτιο αίθουσα ασφαλιστήριο απόδειξη κράτηση
        κράτησης σφάλμα ποσό πάγιο πινακίδα έργο έκδοση μοντέλο τερματικό άδεια αφμ πρωτόκολλο εντολή
        σχέδιο υπόθεση
        """,
        // Arabic.
        """
        طلب الطلب طلبية عقد العقد فاتورة الفاتورة حساب الحساب بلاغ البلاغ تذكرة التذكرة مرجع المرجع قطعة
        القطعة تسلسلي التسلسلي شحنة الشحنة طرد الطرد عرض حادث الحادث عداد العداد غرفة الغرفة بوليصة إيصال
        حجز الحجز خطأ صفحة مبلغ أصل الأصل جرد لوحة مشروع إصدار طراز معاملة المعاملة ملف جواز هوية الهوية
        تتبع التتبع موظف الموظف عميل العميل التذاكر
        """,
        // Hebrew.
        """
        הזמנה ההזמנה חוזה החוזה חשבונית החשבונית חשבון קריאה הקריאה פנייה תקלה תקריות תיק אסמכתא חלק
        סידורי פריט משלוח חבילה הצעה מונה המונה חדר פוליסה קבלה שגיאה עמוד סכום נכס רישוי פרויקט גרסה דגם
        מסוף רישיון דרכון זהות לקוח עובד מעקב
        """,
        // Hindi.
        """
        ऑर्डर आर्डर अनुबंध चालान बिल खाता शिकायत टिकट संदर्भ पार्ट सीरियल मीटर कमरा रसीद बुकिंग त्रुटि
        राशि संपत्ति परियोजना संस्करण मॉडल टर्मिनल लाइसेंस पासपोर्ट आधार ग्राहक कर्मचारी
        """,
        // Chinese.
        """
        订单 訂單 订单号 合同 合同号 合約 发票 發票 发票号 账单 工单 工單 工单号 单号 單號 编号 編號 货号 料号 序列号 批号 快递 快递单 运单 运单号 包裹 报价 事件 请求 申请
        电表 电表号 水表 表号 房间 房间号 教室 保单 收据 预订 错误 错误码 返回码 金额 资产 标签 车牌 车架 项目 版本 型号 终端 终端号 许可证 专利 护照 身份证 税号 学号 工号
        账号 账户 户号 图号 行号 邮编 流水 案件 案号
        """,
        // Japanese.
        """
        注文 契約 請求 請求書 伝票 品番 型番 部品 製造番号 シリアル 資産 管理番号 受付番号 追跡番号 送り状 案件 チケット インシデント 見積 会議室 部屋 号室 メーター 検針 証券 予約
        エラー ページ バージョン 端末 口座 図番 ロット
        """,
        // Korean.
        """
        주문 주문번호 계약 송장 운송장 청구서 접수 접수번호 요청 자산 시리얼 부품 품번 모델 버전 계량기 회의실 영수증 예약 오류 페이지 금액 사번 계좌
        """,
        // Thai.
        """
        สั่งซื้อ คำสั่งซื้อ สัญญา ใบแจ้งหนี้ ใบกำกับ ใบแจ้งซ่อม มิเตอร์ อะไหล่ ซีเรียล พัสดุ ทรัพย์สิน
        เอกสาร เลขที่ ห้อง ใบเสร็จ อ้างอิง บัญชี แบบ รุ่น เวอร์ชัน
        """,
    ]

    static let numberWords = [
        """
        number numbers num numb nummer nummern nbr no nos numarası numara नंबर नम्बर संख्या क्रमांक 号码 號碼
        号 號 番号 번호
        """
    ]

    static let numeroWords = [
        """
        numéro número numero numer numerze numerem номер номера номеру номером αριθμός αριθμό αριθμού αρ
        αριθ رقم الرقم برقم للرقم מספר המספר במספר מס číslo číslem čísle číslu számú număr numărul nomor
        nombor số หมายเลข เลข
        """
    ]

    static let nrWords = [
        """
        nr nrs n nº č čís nro núm
        """
    ]

    static let ownerWords = [
        """
        my your his her our their meine mein meiner meinem deine ihre seine unsere mon ma votre ton notre
        mi mis su tu nuestro nuestra mio mia suo sua tuo nostro meu minha seu nosso mijn jouw zijn haar
        onze mój moja moje mojego twój swój swojego nasz min mit mitt din můj mé мой моя моё моего мою ваш
        наш мій моят μου σας μας benim bizim sizin numaram minun s رقمي मेरा मेरे मेरी 我 我的 他的 她的 私の 僕の 제
        내 ของฉัน ของผม שלי שלו שלה
        """
    ]

    static let personalWords = [
        """
        alternate vodafone telekom airtel jio orange
        urgence urgences emergencia emergencias spoed expéditeur sender absender mittente remitente
        remetente afzender nadawca отправитель отправителя appelant caller anrufer chiamante llamante
        beller private privat business work home office direct personal emergency support service helpdesk
        dienst privé privée prive pro perso professionnel domicile bureau oficina casa trabajo particular
        urgencias ufficio lavoro personale emergenza escritório trabalho pessoal kantoor werk thuis biuro
        praca prywatny służbowy służbowego domowy alarmowy личный рабочий домашний служебный робочий
        домашній εργασίας γραφείο σπίτι arbete hem arbejde hjem jobb büro firma geschäftlich dienstlich
        zuhause notruf kundenservice
        """
    ]

    static let fillerWords = [
        // English.
        """
        optional required mandatory preferred any
        the a an this that these is are was were be it its new old other correct right wrong same current
        actual following full second main alternative another here digits
        """,
        // German, Dutch, Scandinavian.
        """
        der die das den dem ein eine ist lautet war sind neue neuer neuen alte alten richtige andere
        aktuelle folgende het een nieuw nieuwe oude juiste ander volgende is ny nya nytt nye gamle är er
        on uusi vanha
        """,
        // French, Spanish, Portuguese, Italian.
        """
        le la les l un une uno una est c nouveau nouvelle ancien autre suivant ligne el los las es nuevo
        nueva viejo otro siguiente línea o os as é foi novo nova velho outro seguinte linha il lo gli è
        nuovo nuova vecchio altro linea de del della dello dei di da do dos das d of van
        """,
        // Slavic, Greek, Turkish.
        """
        jest to brzmi nowy nowego stary inny następujący ten tego это есть новый старый другой новий νέος
        νέο παλιός ο η το του της είναι yeni eski je sú
        """,
        // Other scripts.
        """
        هو هي هذا الجديد جديد הוא היא זה חדש החדש है हैं का की के नया 是 为 為 的 新 这个 は が の も を です 新しい 는 은 이
        가 새 คือ ใหม่ นี้ ของ
        """,
    ]

    static let conjunctionWords = [
        """
        or and oder und ou et o e y u ed oppure en of eller och og ja tai lub albo oraz i nebo alebo vagy
        sau și или и або і та ή και veya ve أو و או ו या और 或 或者 和 及 または か 또는 및 หรือ และ hoặc atau dan
        """
    ]

    static let linkWords = [
        // English.
        """
        at on to via under with for from by in me us him them please now back can you am m be sure
        """,
        // German, Dutch, Scandinavian.
        """
        auf unter von vom für bei beim mit zu zum mich uns bitte ab seit naar bij met voor via op aan mij
        ons på till för med til mig oss meg
        """,
        // French, Spanish, Portuguese, Italian.
        """
        au aux à sur par pour chez avec moi nous svp al a por para con ó ao no pelo pela com em ai alla
        per su favor favore
        """,
        // Slavic, Greek, Turkish.
        """
        pod na z ze od dla do mnie nas proszę la pe по на с от для до мне нас меня пожалуйста στο στον με
        για
        """,
        // Other scripts.
        """
        او على إلى من عن על אל ב ל पर को से 与 到 至 と に へ 으로 로 ที่ กับ
        """,
    ]
}
