/**
 * The words of one language by which messages are read. "|" separates phrases, and a line may end after it. "*" opens
 * an end: "kod*" also matches "kodunuz", "*code" also "Bestätigungscode". Accents and case do not matter.
 */
export interface LanguageWords {
  /** What services call a code. They may mean other things too, and count more beside a word of purpose. */
  readonly nouns?: string;
  /** Ends of longer words, "Bestätigungscode": they name a code only with a purpose, or "gamecode" would too. */
  readonly compounds?: string;
  /** Names of a one-time code that need no word of purpose. */
  readonly names?: string;
  /** What a code is for. Beside a noun ("código" … "verificación") it makes a one-time code of it. */
  readonly purposes?: string;
  /** Phrases of messages with a code: it expires, type it in, ignore this. Weak signs that a code is there. */
  readonly handling?: string;
  /** "Enter 123456 to sign in": the verb names the code when a purpose follows. */
  readonly entering?: string;
  /** "Never share your OTP". Messages without a code say it too, so a name inside a warning labels nothing. */
  readonly warnings?: string;
  /** Codes that are not for signing in. A noun inside one of these does not name a one-time code. */
  readonly otherCodes?: string;
  /** The line is about a price. */
  readonly discounts?: string;
  /** What a number may belong to instead: an order, an account, a phone. */
  readonly otherNumbers?: string;
  /** Words between such a word and its number: "order no. 123". A bare "#" and punctuation do too. */
  readonly numbering?: string;
  /** Words that connect a name with its value: "your order number is …". */
  readonly linking?: string;
  /** A number right before one of these is a quantity. */
  readonly units?: string;
  /** A number right before or after one of these is an amount. */
  readonly money?: string;
  /** A day number beside one of these is a date. */
  readonly months?: string;
  /** Legal lines and addresses at the end of a mail. */
  readonly footers?: string;
  /** Sentences for a program that reads the message. They are data: read-message.ts says what they cannot do. */
  readonly machineTalk?: string;
  /** Names of a sign-in link, in addition to the purposes of a code. */
  readonly signInLinks?: string;
  /** Links that are never for signing in. */
  readonly awayLinks?: string;
}
