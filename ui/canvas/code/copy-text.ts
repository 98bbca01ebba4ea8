/**
 * Puts a text on the clipboard that is still on its way. Safari allows it only within the press itself,
 * so the promise is handed over, not what it will be.
 */
export async function copyText(text: Promise<string>): Promise<void> {
  if (!navigator.clipboard) throw new Error("This page may not use the clipboard.");
  const blob = text.then((known) => new Blob([known], { type: "text/plain" }));
  // A browser that refuses to write does not look at what it was to write.
  blob.catch(() => {});
  const written =
    typeof ClipboardItem === "undefined"
      ? text.then((known) => navigator.clipboard.writeText(known))
      : navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  // What could not be read is the reason to tell, before what could not be written.
  written.catch(() => {});
  await text;
  await written.catch(() => {
    throw new Error("The browser does not allow copying.");
  });
}
