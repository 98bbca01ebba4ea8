/**
 * What services call a code. `nouns` may mean other things too ("code", "password") and count more beside a
 * word of purpose (purposes.ts); `names` mean a one-time code by themselves.
 * "|" separates, "*" opens an end (see phrases.ts); accents and case do not matter.
 */
export const nouns: Record<string, string> = {
  english:
    "code|codes|pin|password|passwd|passphrase|token|digits|number below|pincode|pin-code|key code|keycode",
  german: "tan|code|kennwort|passwort|kenncode|ziffernfolge|schlüssel|nummer|codes|coden",
  dutch: "wachtwoord|pincode|cijfercode|toegangscode|kode|cijfers",
  afrikaans: "kode|wagwoord",
  swedish: "kod|koden|lösenord|engångslösenord",
  danish: "kode|koden|adgangskode|kodeord",
  norwegian: "kode|koden|passord|engangspassord|kodar",
  icelandic: "kóði*|kóða*|lykilorð|aðgangsorð",
  finnish: "koodi*|salasana*|tunnus|tunnusluku*|avainluku*",
  estonian: "kood|kood*|salasõna*|parool*|pin-kood*",
  latvian: "kods|kod*|parole|parol*|paroli",
  lithuanian: "kodas|kodu*|kodą|kodo|slaptažod*",
  polish: "kod|kodu|kodem|kody|hasło|hasła|hasłem|haslo|hasla|pin",
  czech: "kód|kódu|kódem|kod|heslo|hesla|heslem",
  slovak: "kód|kódu|kódom|heslo|hesla|heslom",
  slovenian: "koda|kodo|kode|geslo|gesla|šifra|šifro",
  croatian: "kod|koda|kodom|kôd|lozinka|lozinku|lozinke|šifra|šifru|zaporka|zaporku|pin",
  serbian: "код|кода|кодом|лозинка|лозинку|лозинке|шифра|шифру|лозинком",
  macedonian: "код|кодот|кодови|лозинка|лозинката|шифра",
  bulgarian: "код|кодът|кода|кодове|парола|паролата",
  russian:
    "код|кода|кодом|коды|пароль|пароля|паролем|пин|пин-код*|шифр|kod|koda|kodom|parol|parol'|parolya|parolem",
  ukrainian: "код|коду|кодом|пароль|паролю|паролем|пін|пін-код*",
  belarusian: "код|кода|кодам|пароль|пароля",
  kazakh: "код|коды|кодты|кодыңыз*|код*|құпиясөз*|құпия сөз*|құпиясөзі*",
  kyrgyz: "код|коду|кодуңуз*|кодун|сырсөз*",
  uzbek: "kod|kodi|kodni|kodingiz*|parol|paroli|parolingiz*|код|коди|кодингиз*",
  tajik: "рамз*|код*|парол*",
  mongolian: "код|кодыг|кодоо|нууц үг*|код*",
  turkish:
    "kod|kodu|kodunu*|kodun|kodunuz*|kodu*|şifre|şifresi*|şifreniz*|şifrenizi|parola|parolası|parolanız*|sifre*|kodla",
  azerbaijani: "kod|kodu|kodunuz*|kodun|kodu*|şifrə*|parol*",
  turkmen: "kod|kody|koduňyz*|açar söz*|parol*",
  greek: "κωδικός|κωδικό|κωδικού|κωδικο*|κωδικ*|συνθηματικό|pin",
  albanian: "kodi|kodin|kod|kodi*|fjalëkalim*",
  romanian: "cod|codul|codului|codul*|parola|parolă|parolei",
  italian: "codice|codici|password|pin|parola chiave",
  spanish: "código|códigos|codigo|clave|contraseña|contrasena|pin|cód|cod.",
  portuguese: "código|códigos|codigo|senha|palavra-passe|palavra passe|chave|pin",
  catalan: "codi|codis|contrasenya|clau",
  galician: "código|contrasinal|chave",
  basque: "kodea|kode*|kodea*|pasahitz*",
  french: "code|mot de passe|codes",
  haitian: "kòd|kod|modpas|mo de pas",
  irish: "cód|chód|pasfhocal",
  welsh: "cod|côd|cyfrinair",
  hungarian: "kód|kódja|kódod|kódot|kódját|jelszó|jelszava*|jelszav*",
  maltese: "kodiċi|il-kodiċi",
  hebrew: "קוד|הקוד|הקוד שלך|סיסמה|סיסמא|הסיסמה|לקוד|בקוד|סיסמת|קודך|קודים",
  arabic:
    "رمز|الرمز|رمزك|كود|الكود|كودك|كلمة المرور|كلمة مرور|كلمه المرور|كلمة السر|الرقم السري|رقم سري|باسورد|رموز",
  persian: "کد|رمز|رمزتان|گذرواژه|کلمه عبور|کلمه‌عبور|رمزدوم|کدتان|کدی|پسورد|رمزعبور",
  pashto: "کوډ|پاسورډ|پټ نوم",
  kurdish: "کۆد*|وشەی نهێنی|تێپەڕەوشە|koda|kodê|kod|şîfre",
  urdu: "کوڈ|پاس ورڈ|پن|پاسورڈ",
  hindi: "कोड|कोड*|पासवर्ड|पिन|कूट",
  marathi: "कोड|पासवर्ड|पिन|सांकेतिक",
  nepali: "कोड|पासवर्ड|पिन|सङ्केत",
  bengali: "কোড*|পাসওয়ার্ড*|পিন|সংকেত",
  assamese: "ক’ড*|ক'ড*",
  gujarati: "કોડ*|પાસવર્ડ*|પિન",
  punjabi: "ਕੋਡ*|ਪਾਸਵਰਡ*|ਪਿੰਨ",
  odia: "କୋଡ*|ପାସୱାର୍ଡ*",
  tamil: "குறியீடு*|குறியீட*|கடவுச்சொல்*|கடவுச்*|குறியீ*",
  telugu: "కోడ్*|పాస్‌వర్డ్*|పాస్వర్డ్*|సంకేతపదం*",
  kannada: "ಕೋಡ್*|ಪಾಸ್‌ವರ್ಡ್*|ಪಾಸ್ವರ್ಡ್*|ಸಂಕೇತ*",
  malayalam: "കോഡ്*|കോഡ*|പാസ്‌വേഡ്*|പാസ്വേഡ്*",
  sinhala: "කේතය*|කේත*|මුරපදය*|අංකය",
  thai: "รหัส|รหัสผ่าน|โค้ด",
  lao: "ລະຫັດ",
  khmer: "លេខកូដ|កូដ|ពាក្យសម្ងាត់|លេខសម្ងាត់",
  burmese: "ကုဒ်|ကုတ်|ကုဒ်နံပါတ်|ကုတ်နံပါတ်|စကားဝှက်|နံပါတ်က",
  vietnamese:
    "mã này|mã sau|mã dưới|nhập mã|sử dụng mã|dùng mã|mã của|mã là|mã:|là mã|mã gồm|mã số|mật khẩu|ma so|mat khau|mã pin",
  indonesian: "kode|kodenya|kata sandi|sandi|kata kunci|kode anda|kodemu|pin",
  malay: "kod|kata laluan|katalaluan|kod anda",
  javanese: "kode|sandhi",
  tagalog: "code mo|password mo|kodigo|code na",
  swahili:
    "msimbo|nambari yako|namba yako|namba ya siri|nambari ya siri|nenosiri|neno la siri|nywila|kodi ya",
  hausa: "lambar sirri|lambar|kalmar sirri|lambobin",
  yoruba: "koodu*|ọrọ aṣina",
  igbo: "koodu|okwuntughe",
  zulu: "ikhodi*|iphasiwedi|ikhowudi*",
  xhosa: "ikhowudi*",
  somali: "koodh*|koodka*|lambarka sirta|furaha",
  kinyarwanda: "kode|umubare w'ibanga|kode yawe",
  amharic: "ኮድ*|የይለፍ ቃል*|የይለፍ ቁጥር",
  tigrinya: "ኮድ*",
  oromo: "koodii*",
  georgian: "კოდი*|კოდ*|პაროლი*|kodi",
  armenian: "կոդ*|ծածկագիր*|ծածկագր*|գաղտնաբառ*|կոդը",
  chinese:
    "验证码|驗證碼|校验码|校驗碼|动态码|動態碼|代码|代碼|密码|密碼|认证码|認證碼|识别码|口令|安全码|安全碼|确认码|確認碼|激活码|登录码|登入碼|随机码|短信码",
  japanese: "コード|番号|パスワード|暗証番号|パスコード|ナンバー|キー",
  korean: "코드|번호|비밀번호|암호|패스코드|패스워드",
};

/** Ends of longer words, "Bestätigungscode": they name a code only with a purpose, or "gamecode" would too. */
export const compounds =
  "*code|*kennwort|*passwort|*wachtwoord|*kode|*kod|*koden|*lösenord|*adgangskode|*passord|*kóði|*kóðinn|*kóða|*koodi|*koodisi|*koodia|*koodilla|*koodin|*koodinne|*tunnus|*tunnuksesi|*kood|*koodiks|*kód|*kódja|*kódot|*kódod|*kódját|*kodja|*kodod|*jelszó|*jelszava";

export const names =
  "otp|otps|o.t.p|otp*|otac|otac*|mtan|smstan|sms-tan|sms tan|tan-code|tan-nummer|phototan|mobiletan|mobile tan|mobile-tan|itan|pushtan|totp|one-time password|one time password|onetime password|one-time passcode|one time passcode|one-time pin|one time pin|" +
  "one-time code|one time code|onetime code|single-use code|single use code|single-use password|passcode|pass code|verification code|verify code|verifying code|security code|login code|log-in code|" +
  "signin code|sign-in code|authentication code|auth code|authorization code|authorisation code|2fa code|mfa code|" +
  "verification number|verification pin|activation code|confirmation pin|code to sign in|code to log in|authenticator code|verification key|verif code|vcode|tac code|access code|" +
  // What no list of parts could put together.
  "einmalpasswort|einmalkennwort|einmalcode|einmal-code|engangskode*|engångskod*|engangspassord*|kertakäyttökoodi*|kertakäyttöinen*|" +
  "kertasalasana*|tek kullanımlık|tek seferlik|doğrulama kodu*|dogrulama kodu*|onay kodu*|jednorazow* kod|jednorázov* kód|једнократна*|одноразовый|" +
  "رمز پویا|رمز دوم|رمزدوم|رمزپویا|رمز يکبار مصرف|رمز یکبار|کدامنیت*|کدتایید*|کدفعال*|کدورود*|یکبار مصرف|یکبارمصرف|" +
  "ओटीपी*|वन टाइम पासवर्ड|वन-टाइम पासवर्ड|ওটিপি*|ઓટીપી*|ਓਟੀਪੀ*|ஓடிபி*|ఓటీపీ*|ಒಟಿಪಿ*|ഒടിപി*|ഒ.ടി.പി*|او ٹی پی|" +
  "验证码|驗證碼|校验码|校驗碼|动态码|動態碼|动态密码|動態密碼|一次性密码|一次性密碼|一次性验证码|短信验证码|认证码|認證碼|确认码|確認碼|登录码|随机码|安全代码|安全码|安全碼|" +
  "認証コード|認証番号|確認コード|確認番号|検証コード|ワンタイムパスワード|ワンタイムコード|ワンタイム|認証キー|セキュリティコード|セキュリティ コード|ログインコード|ログイン コード|本人確認コード|パスコード|" +
  "인증번호|인증 번호|인증코드|인증 코드|확인코드|확인 코드|확인번호|보안코드|보안 코드|로그인 코드|로그인코드|일회용|승인 코드|본인확인 인증|" +
  "รหัสยืนยัน|รหัส otp|รหัสผ่านครั้งเดียว|รหัสความปลอดภัย|โอทีพี|รหัสตรวจสอบ|" +
  "mã xác thực|mã xác nhận|mã xác minh|ma xac thuc|ma xac nhan|ma xac minh|mã bảo mật|mã đăng nhập|mã otp|ma otp|mã kích hoạt|" +
  "sms-код|смс-код|код из смс|код подтверждения|код-пароль|разовый код|разовый пароль";
