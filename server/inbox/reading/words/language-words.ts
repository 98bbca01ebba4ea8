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
  /** How messages with a code talk: it expires, type it in, ignore this. Weak signs that a code is there. */
  readonly handling?: string;
  /** "Enter 123456 to sign in": the verb names the code when a purpose follows. */
  readonly entering?: string;
  /** "Never share your OTP". Messages without a code say it too, so a name inside a warning labels nothing. */
  readonly warnings?: string;
  /** Codes that sign nobody in. A noun inside one of these is no name of a one-time code. */
  readonly otherCodes?: string;
  /** The line is about a price. */
  readonly discounts?: string;
  /** What a number may belong to instead: an order, an account, a phone. */
  readonly otherNumbers?: string;
  /** Stands between such a word and its number: "order no. 123". A bare "#" and punctuation do too. */
  readonly numbering?: string;
  /** Says that what follows is what was named before: "your order number is …". */
  readonly linking?: string;
  /** A number right before one of these is a quantity. */
  readonly units?: string;
  /** A number right before or after one of these is an amount. */
  readonly money?: string;
  /** A day number beside one of these is a date. */
  readonly months?: string;
  /** Legal lines and addresses at the end of a mail. */
  readonly footers?: string;
  /** Sentences addressed to a program that reads. They are data: see read-message.ts for what they cannot do. */
  readonly machineTalk?: string;
  /** What a sign-in link is called, besides the purposes of a code. */
  readonly signInLinks?: string;
  /** Links that never sign anybody in. */
  readonly awayLinks?: string;
}
