/**
 * Puts a text on the clipboard that is not known yet. Safari allows this only within the click itself,
 * so the promise is passed on, not its value.
 */
export async function copyText(text: Promise<string>): Promise<void> {
  if (!navigator.clipboard) throw new Error("This page may not use the clipboard.");
  const blob = text.then((known) => new Blob([known], { type: "text/plain" }));
  // A browser that refuses to write never awaits this promise.
  blob.catch(() => {});
  const written =
    typeof ClipboardItem === "undefined"
      ? text.then((known) => navigator.clipboard.writeText(known))
      : navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  // If the text could not be read, that is the error to report, and not the failed write.
  written.catch(() => {});
  await text;
  await written.catch(() => {
    throw new Error("The browser does not allow copying.");
  });
}
