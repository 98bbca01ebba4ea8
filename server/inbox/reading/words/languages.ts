import { afrikaans } from "./afrikaans.ts";
import { albanian } from "./albanian.ts";
import { amharic } from "./amharic.ts";
import { arabic } from "./arabic.ts";
import { armenian } from "./armenian.ts";
import { assamese } from "./assamese.ts";
import { azerbaijani } from "./azerbaijani.ts";
import { basque } from "./basque.ts";
import { belarusian } from "./belarusian.ts";
import { bengali } from "./bengali.ts";
import { bulgarian } from "./bulgarian.ts";
import { burmese } from "./burmese.ts";
import { catalan } from "./catalan.ts";
import { chinese } from "./chinese.ts";
import { croatian } from "./croatian.ts";
import { czech } from "./czech.ts";
import { danish } from "./danish.ts";
import { dutch } from "./dutch.ts";
import { english } from "./english.ts";
import { estonian } from "./estonian.ts";
import { finnish } from "./finnish.ts";
import { french } from "./french.ts";
import { galician } from "./galician.ts";
import { georgian } from "./georgian.ts";
import { german } from "./german.ts";
import { greek } from "./greek.ts";
import { gujarati } from "./gujarati.ts";
import { haitian } from "./haitian.ts";
import { hausa } from "./hausa.ts";
import { hebrew } from "./hebrew.ts";
import { hindi } from "./hindi.ts";
import { hungarian } from "./hungarian.ts";
import { icelandic } from "./icelandic.ts";
import { igbo } from "./igbo.ts";
import { indonesian } from "./indonesian.ts";
import { international } from "./international.ts";
import { irish } from "./irish.ts";
import { italian } from "./italian.ts";
import { japanese } from "./japanese.ts";
import { javanese } from "./javanese.ts";
import { kannada } from "./kannada.ts";
import { kazakh } from "./kazakh.ts";
import { khmer } from "./khmer.ts";
import { kinyarwanda } from "./kinyarwanda.ts";
import { korean } from "./korean.ts";
import { kurdish } from "./kurdish.ts";
import { kyrgyz } from "./kyrgyz.ts";
import type { LanguageWords } from "./language-words.ts";
import { lao } from "./lao.ts";
import { latvian } from "./latvian.ts";
import { lithuanian } from "./lithuanian.ts";
import { macedonian } from "./macedonian.ts";
import { malay } from "./malay.ts";
import { malayalam } from "./malayalam.ts";
import { maltese } from "./maltese.ts";
import { marathi } from "./marathi.ts";
import { mongolian } from "./mongolian.ts";
import { nepali } from "./nepali.ts";
import { norwegian } from "./norwegian.ts";
import { odia } from "./odia.ts";
import { oromo } from "./oromo.ts";
import { pashto } from "./pashto.ts";
import { persian } from "./persian.ts";
import { polish } from "./polish.ts";
import { portuguese } from "./portuguese.ts";
import { punjabi } from "./punjabi.ts";
import { romanian } from "./romanian.ts";
import { russian } from "./russian.ts";
import { serbian } from "./serbian.ts";
import { sinhala } from "./sinhala.ts";
import { slovak } from "./slovak.ts";
import { slovenian } from "./slovenian.ts";
import { somali } from "./somali.ts";
import { spanish } from "./spanish.ts";
import { swahili } from "./swahili.ts";
import { swedish } from "./swedish.ts";
import { tagalog } from "./tagalog.ts";
import { tajik } from "./tajik.ts";
import { tamil } from "./tamil.ts";
import { telugu } from "./telugu.ts";
import { thai } from "./thai.ts";
import { tigrinya } from "./tigrinya.ts";
import { turkish } from "./turkish.ts";
import { turkmen } from "./turkmen.ts";
import { ukrainian } from "./ukrainian.ts";
import { urdu } from "./urdu.ts";
import { uzbek } from "./uzbek.ts";
import { vietnamese } from "./vietnamese.ts";
import { welsh } from "./welsh.ts";
import { xhosa } from "./xhosa.ts";
import { yoruba } from "./yoruba.ts";
import { zulu } from "./zulu.ts";

/** Every language at once: a message need not say which it is written in. */
export const languages: readonly LanguageWords[] = [
  afrikaans,
  albanian,
  amharic,
  arabic,
  armenian,
  assamese,
  azerbaijani,
  basque,
  belarusian,
  bengali,
  bulgarian,
  burmese,
  catalan,
  chinese,
  croatian,
  czech,
  danish,
  dutch,
  english,
  estonian,
  finnish,
  french,
  galician,
  georgian,
  german,
  greek,
  gujarati,
  haitian,
  hausa,
  hebrew,
  hindi,
  hungarian,
  icelandic,
  igbo,
  indonesian,
  international,
  irish,
  italian,
  japanese,
  javanese,
  kannada,
  kazakh,
  khmer,
  kinyarwanda,
  korean,
  kurdish,
  kyrgyz,
  lao,
  latvian,
  lithuanian,
  macedonian,
  malay,
  malayalam,
  maltese,
  marathi,
  mongolian,
  nepali,
  norwegian,
  odia,
  oromo,
  pashto,
  persian,
  polish,
  portuguese,
  punjabi,
  romanian,
  russian,
  serbian,
  sinhala,
  slovak,
  slovenian,
  somali,
  spanish,
  swahili,
  swedish,
  tagalog,
  tajik,
  tamil,
  telugu,
  thai,
  tigrinya,
  turkish,
  turkmen,
  ukrainian,
  urdu,
  uzbek,
  vietnamese,
  welsh,
  xhosa,
  yoruba,
  zulu,
];
