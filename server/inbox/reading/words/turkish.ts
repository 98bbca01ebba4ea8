import type { LanguageWords } from "./language-words.ts";

export const turkish: LanguageWords = {
  nouns: `
    kod|kodu|kodunu*|kodun|kodunuz*|kodu*|şifre|şifresi*|şifreniz*|şifrenizi|parola|parolası|
    parolanız*|sifre*|kodla`,
  names: "tek kullanımlık|tek seferlik|doğrulama kodu*|dogrulama kodu*|onay kodu*",
  purposes: `
    doğrula*|dogrula*|onay*|giriş*|giris*|güvenlik|guvenlik|tek kullanım*|tek kullanim*|tek seferlik|
    aktivasyon*|sıfırla*|sifirla*|kimlik|teyit|üyelik|erişim*|kayıt`,
  handling: "geçerli*|girin*|giriniz|kullanın*|aşağıda*|gecerli*",
  entering: "girin|giriniz|kullanın*|yazın",
  warnings: "kimseyle paylaş*|paylaşmayın*|paylasmayin*",
  otherCodes:
    "indirim kodu*|kupon kodu*|promosyon kodu*|posta kodu*|kampanya kodu*|hediye kodu|kargo takip kodu*",
  discounts: "indirim*",
  otherNumbers: `
    sipariş*|siparis*|fatura*|müşteri*|musteri*|hesap*|hesab*|kart*|kargo*|takip|tutar*|bakiye*|tel|
    tel.|telefon*|arayın*|mersis*|vergi*|rezervasyon*|bilet*|abone*|dekont*|iban|poliçe*|randevu*|
    referans*|işlem no|sicil`,
  numbering: "numara*|numarası|numaralı",
  units: "dakika*|saniye*|saat*|gün*|puan",
  money: "tl",
  months: "ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık",
  footers: "mah.|cad.|sok.|abonelikten",
  machineTalk: "önceki talimatları",
  signInLinks: "tıklayın*|bağlantı*",
  awayLinks: "abonelikten|yardım",
};
