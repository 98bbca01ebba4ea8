/** What a code is for. Beside a noun ("código" … "verificación") it makes a one-time code of it. */
export const purposes: Record<string, string> = {
  english:
    "verif*|confirm*|authenticat*|authoriz*|authoris*|login|log in|log-in|logging in|signin|sign in|sign-in|signing in|sign up|signup|security|secure|one-time|one time|onetime|single-use|temporary|two-factor|2-step|two-step|2fa|mfa|activation|activate|registration|reset|recovery|access|identity|identification|otp|unlock|pairing|device|register",
  german:
    "bestätig*|verifizier*|anmeld*|login|log-in|sicherheit*|einmal*|zugang*|zugriff*|authentifizier*|freigabe*|registrier*|aktivier*|zurücksetz*|prüf*|legitimation*|identität*|autorisier*|einlogg*|zwei-faktor*|transaktion*",
  dutch:
    "verific*|verifieer*|bevestig*|inlog*|in te loggen|log in|aan te melden|aanmeld*|beveilig*|eenmalig*|toegang*|herstel*|activeer*|activer*|registrat*|authentic*",
  afrikaans: "verifieer*|verifikasie*|bevestig*|aanmeld*|eenmalige|sekuriteit*",
  scandinavian:
    "bekräft*|bekreft*|bekræft*|verifier*|verifik*|inloggning*|innlogg*|logga in|logg inn|logge inn|logge på|logga in|logge ind|log ind|logge på|logge ind|säkerhet*|sikkerhed*|sikkerhet*|engång*|engangs*|åtkomst*|tilgang*|adgang*|nollställ*|tilbakestill*|nulstil*|autentiser*|aktiver*|pålogging*|godkend*|registrer*|återställ*|gendann*|logind*|innskráning*|staðfest*|öryggis*|einnota",
  finnish:
    "vahvist*|kirjautu*|sisäänkirjautu*|todennus*|todent*|varmenn*|varmist*|turva*|kerta*|tunnistautu*|palautus*|rekisteröi*|aktivoi*|käyttöön*",
  estonian:
    "kinnitus*|kinnita*|sisselogi*|logi sisse|turva*|ühekordne|taasseadmi*|autenti*|aktiveeri*|registreeri*|sisenemi*",
  latvian:
    "apstiprin*|verifik*|pieteik*|pierakst*|drošīb*|vienreiz*|autentifik*|atiestat*|aktiviz*|pieslēg*|reģistr*",
  lithuanian:
    "patvirtin*|prisijung*|saugos|saugumo|vienkart*|autentifik*|atstatym*|aktyvav*|atkūrim*|registrac*|tapatyb*|nustatym*",
  polish:
    "weryfikac*|potwierdz*|logowani*|zalogow*|jednoraz*|autoryzac*|bezpiecze*|uwierzyteln*|aktywac*|dostęp*|dostep*|rejestr*|zresetow*|resetow*|zweryfikow*|odzyskiw*|zmiany hasła",
  czech:
    "ověři*|ověře*|ověřt*|ověřov*|potvrz*|potvrď*|přihl*|prihl*|jednoráz*|bezpečnost*|autoriz*|autentiz*|aktiva*|obnov*|resetov*|registra*|verifik*|prístup*|přístup*",
  slovenian:
    "potrd*|potrjev*|prijav*|enkrat*|varnost*|preverit*|preverjanj*|overit*|overjanj*|aktivac*|ponastav*|registra*|overjanj*|avtentik*",
  croatian:
    "potvrd*|verifik*|prijav*|jednokrat*|sigurno*|autoriz*|autentif*|aktivac*|provjer*|proveru|provere|resetir*|resetov*|registra*|pristup*|bezbednos*|ponovno postavljanje|poništ*",
  cyrillic:
    "подтвер*|підтвер*|пацвер*|потвр*|потврд*|потвърд*|провер*|перевір*|верифик*|верифік*|вход*|входа|войти|вхід*|входу|увійти|ўваход*|одноразов*|однократ*|еднократ*|авториз*|автентиф*|аутентиф*|безопас*|безпек*|безбед*|сигурност*|доступ*|достъп*|пристап*|регистрац*|реєстрац*|рэгістрац*|активац*|сброс*|скидан*|восстанов*|відновл*|возобнов*|пријав*|пријављ*|најав*|најавув*|влизан*|влез*|ресет*|ресетов*|нулиран*|смен*|зміни пароля|аутентик*|удостовер*|доверба",
  centralAsian:
    "растау*|растаңыз*|растаук*|кіру*|бір реттік|қауіпсіз*|тасты*|ырастоо*|кирүү*|бир жолку|тасдиқ*|tasdiq*|kirish*|bir martalik|xavfsiz*|тасдик*|воридш*|баталгаажуул*|нэвтр*|нэг удаа*|сэргээ*|аюулгүй*|бүртгэл*|тиркелүү*|tassyk*|giriş*|якдафъаина",
  turkic:
    "doğrula*|dogrula*|onay*|giriş*|giris*|güvenlik|guvenlik|tek kullanım*|tek kullanim*|tek seferlik|aktivasyon*|sıfırla*|sifirla*|kimlik|teyit|üyelik|erişim*|tesdiq*|təsdiq*|daxil ol*|birdəfəlik|təhlükəsizlik|bərpa*|qeydiyyat*|kayıt",
  greek:
    "επιβεβαίω*|επαλήθευ*|σύνδεσ*|εισόδ*|είσοδ*|ασφαλε*|μίας χρήσης|μιας χρήσης|μία φορά|ταυτοποίησ*|ενεργοποίησ*|επαναφορ*|πρόσβασ*|εγγραφ*|εξουσιοδότησ*",
  albanian:
    "verifik*|konfirm*|hyrje*|hyrjes|identifik*|siguri*|njëherësh*|një-përdorimsh*|aktivizi*|vërtet*|rivendos*|kyçje*|kyçjes",
  romance:
    "verificación|verificacion|verificar|verifique|verificação|verificacao|verifica*|vérific*|verific*|comprova*|comproba*|confirmación|confirm*|conferma*|autenticación|autentic*|authentifi*|autoriza*|autorizza*|autoritza*|accesso|acceso|acesso|accede*|acceder|accés|accès|ingreso|ingresar|iniciar ses*|inicio de ses*|inici de sessió|iniciar sessió|inicie ses*|iniciar|connexion|connecter|connecte*|conectare|conectar*|se connecter|conexión|seguridad|segurança|seguretat|sécurité|sicurezza|securitate|seguranza|único|única|unico|unica|usage unique|unique|uso único|un solo uso|de un solo|unic|monouso|temporal|temporaire|temporário|provvisorio|temporaneo|dinámic*|dinâmic*|dinamic*|activación|activar|ativação|activare|attivazione|activation|réinitialis*|restablec*|redefinição|redefinir|recupera*|reimpost*|resetare|reseteo|restauración|registro|registo|inscription|registrazione|înregistrar*|entrada|entrar|autentificare|validación|validation|validação|valider|validar|saisir|verifika*|konfime*|koneksyon|sekirite",
  basque: "egiazta*|baiezta*|berrezta*|saioa|segurtasun*|erabilera bakar*|berrezar*",
  celtic: "fíorú*|deimhni*|logáil isteach|dilysu|gwirio|mewngofnodi|cadarnhau",
  hungarian:
    "ellenőrz*|megerősít*|hitelesít*|bejelentkez*|belép*|egyszer*|biztonsági|azonosító*|aktivál*|visszaállít*|regisztrác*|jóváhagy*",
  hebrew:
    "אימות|האימות|לאימות|כניסה|הכניסה|לכניסה|התחברות|להתחברות|להתחבר|להיכנס|חד פעמי*|חד-פעמי*|חד-פעמית|אבטחה|האבטחה|אישור|האישור|לאשר|איפוס|הזדהות|להזדהות|הפעלה|ההפעלה|זיהוי|וידוא|לאמת|גישה|לאיפוס|הרשמה",
  arabic:
    "تحقق|التحقق|للتحقق|تأكيد|التأكيد|لتأكيد|تسجيل الدخول|الدخول|لتسجيل|دخول|مرة واحدة|لمرة|المؤقت|المؤقته|مؤقت|تفعيل|التفعيل|الأمان|الامان|أمان|الأمني|التوثيق|المصادقة|مصادقة|التعريف|استعادة|إعادة تعيين|إعادة ضبط|التنشيط|تنشيط|الوصول|التسجيل|تعيين|توثيق|لمره واحده|هويتك",
  persian:
    "تایید|تأیید|تائید|تاييد|ورود|یکبار|یک‌بار|یک بار|پویا|پويا|فعال‌سازی|فعالسازی|فعال سازی|امنیتی|امنیت|احراز|بازیابی|بازنشانی|ثبت نام|ثبت‌نام|موقت|اعتبارسنجی|عضویت|شناسایی|تنظیم مجدد|دوم|برداشت",
  urduPashtoKurdish:
    "تصدیق*|توثیق*|لاگ ان|سائن ان|سیکیورٹی|ایک بار|تایید|تائید|ننوتل*|دڵنیاکردن*|پشتڕاست*|چوونەژوورەوە|piştrast*|têketin*|پشتراست*|ناسنامەی",
  indic:
    "सत्यापन*|सत्यापित*|प्रमाणीकरण*|प्रमाणित*|लॉगिन*|लॉग इन|साइन इन|सुरक्षा|पुष्टि*|पुष्टिकरण|वन-टाइम|वन टाइम|एक बार|पडताळणी*|प्रमाणिकरण*|रीसेट|रिसेट|एकपटक*|सक्रिय*|যাচাই*|যাচাইকরণ*|লগইন*|লগ ইন|নিরাপত্তা*|ভেরিফিকেশন*|একবার*|নিশ্চিত*|ওয়ান টাইম|সত্যাপন*|ચકાસણી*|લૉગિન*|લોગિન*|સુરક્ષા*|ખાતરી*|પુષ્ટિ*|ਤਸਦੀਕ*|ਪੁਸ਼ਟੀ*|ਲੌਗਇਨ*|ਲੌਗ ਇਨ|ਸੁਰੱਖਿਆ|ଯାଞ୍ଚ*|ସତ୍ୟାପନ*|ଲଗଇନ*",
  dravidian:
    "சரிபார்*|உறுதி*|உள்நுழை*|பாதுகாப்பு*|ஒருமுறை*|ஒரு முறை|ధృవీకరణ*|ధృవీక*|నిర్ధారణ*|లాగిన్*|భద్రతా*|ఒక్కసారి*|ಪರಿಶೀಲನ*|ದೃಢೀಕರಣ*|ಲಾಗಿನ್*|ಭದ್ರತಾ*|ಒಂದು ಬಾರಿ|സ്ഥിരീകരണ*|പരിശോധന*|ലോഗിൻ*|സുരക്ഷാ*|ഒറ്റത്തവണ*|වෙරිෆ*|සත්‍යාපන*|තහවුරු*|පිවිසුම්*|ආරක්ෂක*|එක් වරක්*",
  southeastAsian:
    "ยืนยัน|เข้าสู่ระบบ|ครั้งเดียว|ความปลอดภัย|ตรวจสอบ|รีเซ็ต|ล็อกอิน|ตั้งค่า|ชั่วคราว|ເຂົ້າສູ່ລະບົບ|ຢືນຢັນ|ຄວາມປອດໄພ|ផ្ទៀងផ្ទាត់|ចូល|សុវត្ថិភាព|បញ្ជាក់|အတည်ပြု|သက်သေ|လုံခြုံ|ဝင်ရောက်|xác thực|xác nhận|xác minh|đăng nhập|một lần|mot lan|bảo mật|kích hoạt|đặt lại|xac thuc|xac nhan|dang nhap|bao mat|giao dich|giao dịch",
  austronesian:
    "verifikasi|konfirmasi|masuk|login|keamanan|sekali pakai|aktivasi|otentikasi|autentikasi|akses|pendaftaran|atur ulang|reset|pemulihan|rahasia|pengesahan|keselamatan|sekali guna|log masuk|sekali|pag-verify|beripikasyon|pagpapatunay|kumpirmasyon|seguridad|mag-login|pag-log|isang beses|verifikasyon|minsanang",
  african:
    "uthibitisho|kuthibitisha|thibitisha|kuingia|usalama|mara moja|uhakiki|tabbatar*|shiga|tsaro|ìfìdímúlẹ̀|ìjẹ́rìísí|nkwenye|nchekwa|qinisekis*|ukuqinisekisa|ukungena|ukuphepha|xaqiij*|gelitaan|amniga|kwemeza|kwinjira|umutekano|ማረጋገጫ|የማረጋገጫ*|መግቢያ|የመግቢያ|የደህንነት|ኣረጋግጽ|mirkaneess*|seensa",
  caucasian:
    "დადასტურ*|დამადასტურ*|ვერიფიკ*|შესვლ*|ავტორიზ*|ერთჯერად*|უსაფრთხო*|აღდგენ*|აქტივაცი*|რეგისტრაცი*|ertjeradi|dadasturebis|հաստատ*|մուտք*|մեկանգամյա|անվտանգ*|վավերաց*|ակտիվաց*|նույնականաց*|վերականգն*",
  chinese:
    "验证|驗證|登录|登入|登陆|登錄|认证|認證|安全|动态|動態|一次性|确认|確認|校验|短信|注册|註冊|激活|重置|绑定|身份|临时|重設|找回|修改",
  japanese:
    "認証|確認|検証|ログイン|サインイン|ワンタイム|セキュリティ|一時|本人|有効化|再設定|リセット|登録|承認|二段階|2段階|仮",
  korean: "인증|확인|로그인|보안|일회용|임시|재설정|본인|승인|가입|활성화|검증|등록|초기화",
};
