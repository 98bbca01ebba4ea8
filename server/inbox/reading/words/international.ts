import type { LanguageWords } from "./language-words.ts";

/** Words that messages in all languages use, and signs of currencies and measures. */
export const international: LanguageWords = {
  names: "otp|otps|o.t.p|otp*|otac|otac*|totp",
  numbering: "xxxx",
  units: "km|km/h|kg|g|mg|ml|cl|lb|lbs|oz|cm|mm|ft|mi|kb|mb|gb|tb|mbps|kwh|kw|kcal",
  money: `
    usd|eur|gbp|inr|rs|rs.|aed|sar|qar|kwd|bhd|omr|jod|egp|pkr|lkr|npr|bdt|tk|taka|idr|myr|sgd|thb|
    baht|vnd|php|cny|rmb|jpy|krw|twd|ntd|hkd|aud|cad|nzd|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|rsd|
    mkd|azn|gel|lari|amd|kzt|kgs|uzs|rub|rur|uah|byn|mnt|irr|irt|iqd|ils|nis|kes|ksh|tzs|ugx|ngn|ghs|
    zar|etb|birr|xaf|xof|fcfa|cfa|mad|dzd|tnd|brl|ars|clp|mxn|uyu|euro|btc|eth|usdt`,
  footers: "©|(c)",
};
