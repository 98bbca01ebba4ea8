/**
 * What a number in a message may belong to instead: an order, an account, a phone. `numbering` are the small
 * words in between ("order no. 123", "Rechnung Nr. 123").
 */
export const things: Record<string, string> = {
  english:
    "order|orders|user|username|confirmed|verified|authorised|authorized|registered|delivered|completed|approved|accepted|invoice|ref|ref.|refno|reference|references|account|acct|acc|a/c|ac|card|cards|customer|client|booking|reservation|pnr|ticket|case|flight|train|tracking|shipment|package|parcel|policy|claim|amount|amt|total|subtotal|balance|bal|bal.|avl|payment|bill|folio|phone|tel|tel.|telephone|call|calls|fax|mobile|dial|sms to|whatsapp|helpline|hotline|contact|ending|ending in|ending with|ends with|room|apt|apt.|suite|unit|floor|building|street|avenue|po box|p.o. box|upi|utr|rrn|txn|transaction|transaction id|trx|imps|neft|rtgs|serial|sku|item|model|version|build|issue|commit|session|device id|member|membership|employee|student|badge|meter|vat|tax|ein|iban|bic|swift|registration no|license|licence|plate|vin|isbn|batch|queue|points|score|population|steps|followers|views|users|prize|voucher|coupon|promo|loan|emi|cheque|check no|sort|routing|request id|docket|complaint|message id|id|userid|user id|portfolio|fund|iteration|channel|extension|ext|ext.",
  german:
    "bestellung|bestell*|rechnung|rechnungs*|kunde*|kundennr*|konto|karte|kartenende|sendung*|paket|auftrag*|vorgang*|ticket|tel|telefon|telefon*|rufnummer|mobil|hotline|betrag|summe|saldo|referenz|ref|vergleichswert|steuer*|hrb|ust-id*|amtsgericht|zimmer|flug|buchung*|endend auf|endziffern|postfach|plz|mitglied*|vertrag*|fax",
  dutch:
    "bestelling|bestelnummer|order|factuur*|klant*|klantnummer|rekening*|kaart|pakket|zending*|bedrag|saldo|tel|telefoon*|bel|kvk|btw|dossier*|reservering*|eindigend op|kenmerk|postbus|polis*",
  scandinavian:
    "order*|ordre*|beställning*|bestilling*|faktura*|kund|kunde*|kundnummer|kundenr*|konto*|kort|kortet|paket*|pakke*|forsendelse*|belopp*|beløb*|saldo|tel|tlf|telefon*|ring|ärende*|booking*|bokning*|org.nr|organisationsnummer|cvr|referens*|reference*|referanse*|ocr|pöntun|reikning*|sími|upphæð",
  finnishBaltic:
    "tilaus*|lasku*|asiakas*|tili*|kortti*|paketti*|lähety*|summa|saldo|puh|puh.|puhelin*|viite*|varaus*|y-tunnus|seurantatunnus*|tellimus*|arve*|arve number|klient*|konto|kaart*|pakk*|tel|telefon*|viitenumber|broneering*|pasūtījum*|rēķin*|klient*|kont*|kart*|sūtījum*|tālr*|summa|atlikums|užsakym*|sąskait*|klient*|kortel*|siunt*|tel|suma|likutis|rezervac*",
  slavicLatin:
    "zamówieni*|zamowieni*|faktur*|klient*|kont*|kart*|przesyłk*|paczk*|kwot*|saldo|tel|telefon*|zadzwoń|nip|regon|krs|rezerwac*|zgłoszeni*|objednávk*|objednavk*|účt*|účet|zásilk*|zásielk*|částk*|čiastk*|suma|zůstatek|zostatok|ičo|ičo:|dič|rezervac*|naročil*|račun*|strank*|kartic*|pošiljk*|znesek|stanje|davčna|narudžb*|narudzb*|porudžbin*|kupac|pošiljk*|iznos|stanje|oib|pib|broj računa|poziv na broj|telefon*|zovi*|pozovite|variabilní symbol|variabilný symbol",
  cyrillic:
    "заказ*|замовлен*|заказу|замова|поръчк*|порачк*|наруџбин*|поруџбин*|счет*|счёт*|рахун*|рахунок|сметк*|рачун*|фактур*|клиент*|клієнт*|карт*|картк*|картиц*|посылк*|посилк*|пратк*|пошиљк*|сумм*|сума|суми|износ|баланс*|остаток|залишок|доступно|тел|тел.|телефон*|звоните|позвон*|дзвон*|обади*|јавете|инн|кпп|огрн|єдрпоу|еик|пиб|бронь|бронирован*|бронюван*|резервац*|трек-номер*|трек|ттн|накладн*|заявк*|обращени*|номер дела|договор*|договір*|рейс*|квитанц*|штрихкод|тапсырыс*|шот*|қоңырау|буюртма*|буйрутма*|захиалг*|данс*|утас*|дүн|үлдэгдэл|zakaz*|summa|buyurtma*|hisob*|karta*|karty|karte|balans|dostupno|perevod|oplata",
  turkic:
    "sipariş*|siparis*|fatura*|müşteri*|musteri*|hesap*|hesab*|kart*|kargo*|takip|tutar*|bakiye*|tel|tel.|telefon*|arayın*|mersis*|vergi*|rezervasyon*|bilet*|abone*|dekont*|iban|poliçe*|randevu*|referans*|işlem no|sicil|sifariş*|müştəri*|məbləğ|qalıq|zəng|bağlama*",
  greek:
    "παραγγελ*|τιμολόγ*|πελάτη*|λογαριασμ*|κάρτα*|κάρτας|δέμα*|αποστολ*|ποσό|ποσού|υπόλοιπο|τηλ|τηλ.|τηλέφων*|καλέστε|αφμ|κράτησ*|εισιτήρι*|αναφορ*|αριθμός παραγγελίας|αρ. παραγγελίας",
  romance:
    "pedido*|encomenda*|factura*|fatura*|fattura|fatture|facture*|comanda*|comenz*|comandă|ordine|ordini|commande*|cliente*|client*|compte*|cuenta*|cuenta|conta|conto|cont|tarjeta*|cartão|cartao|carta|carte|card|cardul|targeta|envío|envio|colis|pacco|spedizione|colet*|importe|importo|montant|monto|valor|valoare|sumă|suma|total|totale|saldo|solde|sold|tel|tel.|teléfono|telefono|telefone|téléphone|telefon|llame|llama|llamar|ligue|appelez|appeler|chiami|chiama|chiamare|sunați|apelați|móvil|nif|cif|nipc|cnpj|cpf|dni|siret|siren|rcs|tva|iva|p.iva|partita iva|reserva*|réservation|prenotazione|rezervare|referencia|referência|référence|riferimento|referință|dossier|expediente|póliza|apólice|terminada en|terminación|terminado en|final|finalizada|terminant par|se terminant|che termina|boleto|protocolo|vuelo|voo|vol|volo|n° de suivi|suivi|localizador|rastreio|seguimiento|guía|kòmand|komann",
  hungarian:
    "rendelés*|számla*|ügyfél*|kártya*|csomag*|összeg*|egyenleg*|tel|tel.|telefon*|hívja|adószám*|foglalás*|ügyszám|ügyiratszám|cégjegyzékszám|hivatkozás*|azonosítószám*",
  albanianBasque:
    "porosi*|faturë*|llogari*|shuma|bilanci|telefon*|eskaera*|faktura*|bezero*|kontu*|txartel*|zenbateko*",
  semitic:
    "הזמנה|הזמנתך|הזמנת*|חשבונית|חשבון|לקוח|כרטיס|חבילה|משלוח|סכום|יתרה|טלפון|טל|טל'|להתקשר|התקשרו|חייגו|אסמכתא|עוסק מורשה|ח.פ|מספר הזמנה|הפניה|תור|طلب|طلبك|الطلب|طلبكم|فاتورة|الفاتورة|حساب|الحساب|حسابك|بطاقة|البطاقة|بطاقتك|شحنة|الشحنة|شحنتك|مبلغ|المبلغ|بمبلغ|رصيد|الرصيد|رصيدك|هاتف|الهاتف|اتصل|اتصلوا|للاتصال|جوال|الجوال|حجز|الحجز|مرجع|المرجع|رقم المرجع|عميل|العميل|تذكرة|التذكرة|رحلة|ضريبي|سجل تجاري|رقم التتبع|من:|لدى|ትዕዛዝ|ሂሳብ|ስልክ|ቀሪ",
  persianUrdu:
    "سفارش|فاکتور|حساب|حسابتان|کارت|مبلغ|مانده|موجودی|تلفن|تماس|موبایل|مرسوله|پیگیری|رهگیری|شماره حساب|شناسه|رزرو|بلیط|پرواز|شبا|مقصد|واریز|برداشت از|مقدار|آرڈر|اکاؤنٹ|بیلنس|رقم|کال|فون|بل|ئۆردەر|ژمارەی",
  indic:
    "ऑर्डर*|खाता|खाते|कार्ड|राशि|शेष|बैलेंस|कॉल|फोन|फ़ोन|बिल|टिकट|संदर्भ|रुपये|ट्रैकिंग|অর্ডার*|অ্যাকাউন্ট*|কার্ড*|ব্যালেন্স*|কল|টাকা|ফোন|ট্র্যাকিং|ઓર્ડર*|ખાતા*|રકમ|ਆਰਡਰ|ਖਾਤਾ|ஆர்டர்*|கணக்கு*|தொகை*|அழைக்க*|ఆర్డర్*|ఖాతా*|కాల్|ಆರ್ಡರ್*|ಖಾತೆ*|ಕರೆ|ഓർഡർ*|അക്കൗണ്ട്*|വിളിക്ക*|ඇණවුම*|ගිණුම*|අමතන්න",
  southeastAsian:
    "คำสั่งซื้อ|บัญชี|บัตร|ยอดเงิน|จำนวนเงิน|คงเหลือ|โทร|พัสดุ|ใบแจ้งหนี้|หมายเลขคำสั่งซื้อ|เลขที่|อ้างอิง|ref|ເບີໂທ|ທຽບ|ទូរស័ព្ទ|គណនី|ការបញ្ជាទិញ|အော်ဒါ|ဖုန်း|စာရင်း|đơn hàng|don hang|hóa đơn|hoa don|tài khoản|tai khoan|tk|số thẻ|so the|thẻ tín dụng|số dư|so du|số tiền|so tien|lh|lien he|liên hệ|gọi|goi|hotline|tổng đài|vận đơn|pesanan|nomor pesanan|order|faktur|tagihan|rekening|rek|kartu|saldo|jumlah|nominal|resi|telepon|telp|hubungi|no. rek|invois|akaun|baki|amaun|kad|tempahan|panggilan|bil|numero ng order|tawag|tawagan|balanse",
  african:
    "agizo|akaunti|salio|kiasi|piga|simu|kadi|asusu|kira|kudi|àkọọ́lẹ̀|i-oda|i-akhawunti|shayela|akoonka|lacag*|konti|hamagara",
  caucasian:
    "შეკვეთ*|ანგარიშ*|ბარათ*|თანხ*|ნაშთ*|ტელ*|დარეკ*|ინვოის*|պատվեր*|հաշիվ*|հաշվ*|քարտ*|գումար*|մնացորդ*|զանգահար*|հեռ*",
  eastAsian:
    "订单|訂單|订单号|訂單編號|账号|账户|帐户|帳戶|帳號|卡号|卡號|尾号|尾號|末四位|金额|金額|余额|餘額|电话|電話|手机号|手機|致电|致電|拨打|客服|快递|单号|單號|运单|流水号|编号|編號|航班|工单|用户|退订|注文|ご注文|請求書|請求|口座|カード|金額|残高|電話|お電話|お届け|ご利用金額|予約|ご予約|会員|お客様|伝票|追跡|주문|계좌|카드|금액|잔액|전화|문의|고객센터|송장|운송장|예약|결제|수신거부|회원",
};

/** Stands between a thing and its number. A bare "#" and punctuation do too. */
export const numbering =
  "no|no.|nos|nr|nr.|nro|num|num.|number|numbers|id|n°|nº|n.|n|nummer|numero|número|numéro|numer|numeru|numeri|numărul|număr|broj|број|номер|номера|номером|номеру|№|numara*|numarası|numaralı|nömrə*|αριθμός|αριθμό|αρ.|szám|száma|számú|מספר|מס'|رقم|رقمها|رقمه|شماره|نمبر|नंबर|संख्या|নম্বর|நம்பர்|నంబర్|หมายเลข|เลขที่|số|so|nomor|nombor|namba|nambari|lambar|ნომერი|համար|号|號|号码|號碼|番号|번호|us|line|center|centre|ending|ending in|ending with|xxxx";

/** Says that what follows is what was named before: "your order number is …". */
export const linking =
  "is|are|was|ist|lautet|lauten|luidt|beträgt|er|är|es|e|è|est|jest|je|ir|on|là|la|adalah|ialah|ni|στις|είναι|هو|هي|است|הוא|היא|है|为|為|是|는|은|は";
