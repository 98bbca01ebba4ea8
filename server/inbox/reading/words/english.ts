import type { LanguageWords } from "./language-words.ts";

export const english: LanguageWords = {
  nouns: `
    code|codes|pin|password|passwd|passphrase|token|digits|number below|pincode|pin-code|key code|
    keycode`,
  names: `
    one-time password|one time password|onetime password|one-time passcode|one time passcode|
    one-time pin|one time pin|one-time code|one time code|onetime code|single-use code|single use code|
    single-use password|passcode|pass code|verification code|verify code|verifying code|security code|
    login code|log-in code|signin code|sign-in code|authentication code|auth code|authorization code|
    authorisation code|2fa code|mfa code|verification number|verification pin|activation code|
    confirmation pin|code to sign in|code to log in|authenticator code|verification key|verif code|
    vcode|tac code|access code`,
  purposes: `
    verif*|confirm*|authenticat*|authoriz*|authoris*|login|log in|log-in|logging in|signin|sign in|
    sign-in|signing in|sign up|signup|security|secure|one-time|one time|onetime|single-use|temporary|
    two-factor|2-step|two-step|2fa|mfa|activation|activate|registration|reset|recovery|access|identity|
    identification|otp|unlock|pairing|device|register`,
  handling: `
    expires|expire|expiring|valid for|is valid|valid till|valid until|enter|type|use this|use the|
    use it|to complete|following|below|requested|didn't request|did not request|not request|
    if this wasn't you|ignore this|input|to continue|paste`,
  entering: `
    enter|type|use|input|type in|key in|enter the number|use the number|verify with|sign in with|
    log in with|confirm with`,
  warnings: `
    do not share|don't share|dont share|never share|never shared|not share|share this|share your|
    share it|sharing|do not disclose|don't disclose|never disclose|not disclose|do not give|don't give|
    never give|do not tell|never tell|never ask|not ask|won't ask|will not ask|ask you for|
    ask for your|asks for|keep your|protect your|do not reveal|don't forward|do not forward`,
  otherCodes: `
    promo code|promo codes|promocode*|promotion code|promotional code|coupon code|coupon codes|
    discount code|discount codes|voucher code|gift code|gift card code|referral code|invite code|
    invitation code|offer code|reward code|barcode*|bar code*|zip code|zipcode|postal code|post code|
    postcode|area code|country code|dialling code|dialing code|source code|code of conduct|dress code|
    error code|status code|response code|reason code|exit code|qr code|qr-code*|tracking code|
    tracking number|booking code|reservation code|booking reference|order code|product code|item code|
    sort code|swift code|bic code|ifsc code|branch code|bank code|merchant code|tax code|color code|
    colour code|hs code|short code|shortcode|morse code|vs code|visual studio code|code review|
    code block|code freeze|code sample|code snippet|unicode|decode*|encode*|codec|key code of|
    airport code|class code|course code|code name|codename|locker code|door code|gate code|code base|
    codebase|license key|licence key|apply code|code at checkout`,
  discounts: `
    % off|off your|off on|discount|discounts|checkout|promo|sale|coupon|voucher|gift card|
    free delivery|free shipping`,
  otherNumbers: `
    order|orders|user|username|confirmed|verified|authorised|authorized|registered|delivered|completed|
    approved|accepted|invoice|ref|ref.|refno|reference|references|account|acct|acc|a/c|ac|card|cards|
    customer|client|booking|reservation|pnr|ticket|case|flight|train|tracking|shipment|package|parcel|
    policy|claim|amount|amt|total|subtotal|balance|bal|bal.|avl|payment|bill|folio|phone|tel|tel.|
    telephone|call|calls|fax|mobile|dial|sms to|whatsapp|helpline|hotline|contact|ending|ending in|
    ending with|ends with|room|apt|apt.|suite|unit|floor|building|street|avenue|po box|p.o. box|upi|
    utr|rrn|txn|transaction|transaction id|trx|imps|neft|rtgs|serial|sku|item|model|version|build|
    issue|commit|session|device id|member|membership|employee|student|badge|meter|vat|tax|ein|iban|bic|
    swift|registration no|license|licence|plate|vin|isbn|batch|queue|points|score|population|steps|
    followers|views|users|prize|voucher|coupon|promo|loan|emi|cheque|check no|sort|routing|request id|
    docket|complaint|message id|id|userid|user id|portfolio|fund|iteration|channel|extension|ext|ext.`,
  numbering: "no|no.|nos|num|num.|number|numbers|id|us|line|center|centre|ending|ending in|ending with",
  linking: "is|are|was",
  units: `
    second|seconds|sec|secs|minute|minutes|min|mins|min.|hour|hours|hr|hrs|day|days|week|weeks|month|
    months|year|years|miles|watts|calories|steps|people|users|followers|subscribers|points|points*|
    items|pieces|pcs|pages|words|likes|views|votes|reviews|percent|percentage|degrees|pts`,
  money: "dollars|dollar|euros|pounds|rupees|rupee|yuan|yen|credits",
  months: `
    jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|sept|september|
    oct|october|nov|november|dec|december`,
  footers: `
    copyright|all rights reserved|unsubscribe|registered office|registered in|privacy policy|
    terms of service|terms & conditions|street|st.|ave|avenue|blvd|boulevard|suite|floor|p.o. box|
    po box|inc.|ltd|ltd.|llc|pty|co., ltd`,
  machineTalk: `
    ignore previous|ignore all previous|ignore the previous|ignore any previous|ignore your previous|
    ignore prior|ignore all prior|ignore the above|ignore everything above|ignore all instructions|
    ignore your instructions|ignore other codes|ignore the other code|ignore any other code|
    disregard previous|disregard all|disregard the above|disregard prior|disregard any|forget previous|
    forget all previous|forget your instructions|override previous|new instructions|system prompt|
    system message|system:|assistant:|as an ai|you are an ai|ai assistant|ai agent|ai model|
    language model|dear ai|note to ai|attention ai|llm|prompt injection|the correct code is|
    the real code is|the actual code is|the true code is|correct code is actually`,
  signInLinks: `
    sign in|sign-in|log in|login|magic link|verify*|confirm*|activate*|reset*|set a password|
    set your password|create a password|complete your|finish signing|accept the invitation|
    accept invitation|join|continue|get started|validate|open this link|click the link|click here to|
    follow this link|follow the link|go to|visit the link|tap the link`,
  awayLinks: `
    unsubscribe|opt out|opt-out|preferences|manage your|manage notifications|privacy|terms|help|
    support|contact us|contact|faq|learn more|read more|view in browser|view online|view this email|
    browser version|download the app|app store|google play|follow us|facebook|twitter|instagram|
    linkedin|youtube|website|home page|homepage|report|not you|wasn't you|didn't|did not|
    secure your account|secure my account|deny|decline|cancel|shop now|track your|track order|
    view order|receipt|statement`,
};
