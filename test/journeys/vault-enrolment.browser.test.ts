import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { VaultEntryBody } from "../../plugin/api/vault.ts";
import { encodeMigration } from "../plugin/enrolment/encode-google-authenticator.ts";
import { drawQr } from "../support/draw-qr.ts";
import { independentCode } from "../support/independent-code.ts";
import { writePng } from "../support/png.ts";
import { qrImages } from "../support/qr-images.ts";
import { startJourney } from "../support/start-journey.ts";
import { longestOverMiddle } from "../support/times-as-long.ts";
import { linkOf, strongSecret } from "../support/vault-entries.ts";

const journey = startJourney();

const entries = async (): Promise<VaultEntryBody[]> =>
  (await journey.server.api("GET", "/vault/entries")).body.entries;
const png = (name: string, buffer: Buffer) => ({ name: `${name}.png`, mimeType: "image/png", buffer });

/** The dialog, open and with its reader of pictures loaded; everything asked of the network since. */
async function openDialog(options = {}) {
  const watched = await journey.open("/vault", options);
  const { page } = watched;
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await expect.poll(() => page.workers().length).toBe(1);
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  // The bell asks for questions by itself, at an address that holds nothing of what is typed.
  const bell = `GET ${journey.server.url}/api/v1/approvals?limit=100`;
  page.on("request", (request) => {
    const what = `${request.method()} ${request.url()}`;
    if (what !== bell) asked.push(what);
  });
  return { ...watched, dialog, asked };
}
const preview = (dialog: Locator) => dialog.getByRole("status", { name: "What was read" });
const field = (dialog: Locator) => dialog.getByLabel("QR image, otpauth:// link, setup key or export");

/** As the browser does it when somebody pastes or drops a file: the event carries it. */
const give = (page: Page, how: "paste" | "drop", type: string, base64: string): Promise<void> =>
  page.evaluate(
    async ([how, type, base64]) => {
      let blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], {
        type: "image/png",
      });
      if (type !== "image/png") {
        const bitmap = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
        blob = await canvas.convertToBlob({ type, quality: 0.3 });
      }
      const data = new DataTransfer();
      data.items.add(new File([blob], "code", { type }));
      const target = document.querySelector('[data-part="enrolment"]') ?? document.body;
      const init = { bubbles: true, cancelable: true };
      target.dispatchEvent(
        how === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: data })
          : new DragEvent("drop", { ...init, dataTransfer: data }),
      );
    },
    [how, type, base64] as const,
  );

describe("an image of a QR code", () => {
  it("B6: QR PNG upload: thirty images decode locally in the browser, without any request, and fill the form", async () => {
    const { page, dialog, asked, complaints, context } = await openDialog();
    const images = qrImages();
    expect(images).toHaveLength(30);
    const missed: string[] = [];
    const read = images.map(({ name, png: buffer }) => async () => {
      await dialog.locator('input[type="file"]').setInputFiles(png(name, buffer));
      const answer = preview(dialog)
        .getByText(name, { exact: true })
        .or(dialog.getByText("No QR code was found"));
      await answer.first().waitFor();
      if (await dialog.getByText("No QR code was found").isVisible()) missed.push(name);
      else expect(await dialog.getByLabel("Name", { exact: true }).inputValue()).toBe(`ACME Co:${name}`);
    });
    // No picture keeps a person waiting: each is found at the first few looks.
    expect(await longestOverMiddle(read)).toBeLessThan(25);
    expect(missed).toEqual([]);
    expect(asked).toEqual([]);
    expect(await page.content()).not.toContain(strongSecret);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("B6: clipboard paste and drop decode locally: PNG, JPEG and WebP, and one whose ground is see-through", async () => {
    const { page, dialog, asked, complaints, context } = await openDialog();
    const drawn = (account: string, look = {}, how = {}) =>
      writePng(drawQr(linkOf("ACME Co", account), look), how).toString("base64");
    for (const [account, how, type, image] of [
      ["pasted", "paste", "image/png", drawn("pasted")],
      ["photographed", "paste", "image/jpeg", drawn("photographed", { degrees: 8, noise: 40 })],
      ["dropped", "drop", "image/webp", drawn("dropped")],
      ["clear", "drop", "image/png", drawn("clear", {}, { clear: true })],
      [
        "light on nothing",
        "paste",
        "image/png",
        drawn("light on nothing", { dark: 254, light: 255 }, { clear: true }),
      ],
    ] as const) {
      await give(page, how, type, image);
      await preview(dialog).getByText(account, { exact: true }).waitFor();
    }
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("without a code in it is refused with what to do, and the page goes on answering meanwhile", async () => {
    const { page, dialog, asked, complaints, context } = await openDialog();
    await page.evaluate(() => {
      const frames = { count: 0 };
      Object.assign(window, { frames_: frames });
      const next = () => {
        frames.count++;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    });
    const side = 900;
    const data = new Uint8ClampedArray(side * side).map((_, at) => ((at * 2_654_435_761) >>> 13) & 255);
    const frames = () =>
      page.evaluate(() => (window as unknown as { frames_: { count: number } }).frames_.count);
    const before = await frames();
    await dialog
      .locator('input[type="file"]')
      .setInputFiles(png("noise", writePng({ width: side, height: side, data })));
    await dialog.getByText("No QR code was found in this image.").waitFor();
    expect((await frames()) - before).toBeGreaterThan(15);
    await dialog
      .locator('input[type="file"]')
      .setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("not an image") });
    await dialog.getByText("The browser cannot open this image.").waitFor();
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("a link or a key", () => {
  it("B8: is shown before it is kept, kept as pending, and ends with the first code to confirm with", async () => {
    const { studio, page, dialog, asked, complaints, context } = await openDialog();
    await field(dialog).fill(
      linkOf("Payroll", "ops@example.com", { more: "&period=60&digits=8&algorithm=SHA256" }),
    );
    for (const words of ["Payroll", "ops@example.com", "SHA256", "8", "60 s"])
      await preview(dialog).getByText(words, { exact: true }).waitFor();
    expect(asked).toEqual([]);
    expect(await page.content()).not.toContain(strongSecret);
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await dialog.getByText("Login, notes and backup codes").click();
    await dialog.getByLabel("Username").fill("ops");
    await dialog.getByLabel("Password").fill("correct horse");
    await dialog.getByLabel("Backup codes", { exact: true }).fill("one\ntwo\nthree");
    await dialog.getByLabel("Pending").check();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();

    await dialog.getByText("Give this code to Payroll to finish there.").waitFor();
    const [kept] = await entries();
    expect(kept).toMatchObject({
      name: "Payroll:ops@example.com",
      type: "LOGIN",
      backup_codes_remaining: 3,
      one_time: { pending: true, digits: 8, period: 60, algorithm: "SHA256" },
    });
    const { data } = (await journey.server.api("GET", `/vault/entries/${kept?.id}/data`)).body;
    expect(data).toEqual({ username: "ops", password: "correct horse" });

    await dialog.getByRole("button", { name: /^Hold to show the code/ }).focus();
    await page.keyboard.down("Space");
    const digits = dialog.locator(".totem-code__digits");
    await expect.poll(() => digits.textContent()).toMatch(/^\d{4} \d{4}$/);
    const shown = (await digits.textContent())?.replace(" ", "");
    await page.keyboard.up("Space");
    const parameters = { algorithm: "SHA256", digits: 8, period: 60 } as const;
    const near = [0, 60_000].map((ago) =>
      independentCode(strongSecret, parameters, new Date(Date.now() - ago)),
    );
    expect(near).toContain(shown);
    await dialog.getByRole("button", { name: "The service accepted it" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await entries())[0]?.one_time?.pending).toBe(false);

    expect(await page.content()).not.toContain(strongSecret);
    expect(asked.join(" ")).not.toContain(strongSecret);
    expect(page.url()).not.toContain(strongSecret);
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    ).not.toContain(strongSecret);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("that cannot be read is refused with the reason and without being repeated; a short one is warned of", async () => {
    const { page, dialog, asked, complaints, context } = await openDialog();
    await field(dialog).fill("otpauth://totp/ACME:bob?secret=HUNTER0189HUNTER");
    await dialog.getByRole("alert").getByText("which base32 lacks").waitFor();
    expect(await page.content()).not.toContain("HUNTER");
    expect(await dialog.getByRole("button", { name: "Add", exact: true }).isDisabled()).toBe(true);
    await field(dialog).fill("jbsw y3dp ehpk 3pxp");
    await preview(dialog).getByText("fewer than the 128 bits").waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("Give it a name.").waitFor();
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("an export", () => {
  it("B7: otpauth-migration:// of Google Authenticator is shown as a table and imports what is chosen", async () => {
    const { studio, page, dialog, asked, complaints, context } = await openDialog({ colorScheme: "dark" });
    const secret = new Uint8Array(20).fill(7);
    await field(dialog).fill(
      encodeMigration({
        entries: ["ann", "ben", "eve"].map((name) => ({
          secret,
          name,
          issuer: "Import Co",
          algorithm: 1,
          digits: 1,
          type: 2,
        })),
      }),
    );
    await dialog.getByRole("row", { name: /ben/ }).getByRole("checkbox").uncheck();
    expect(asked).toEqual([]);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Import 2" }).click();
    await page.getByText("2 entries are in the vault.").waitFor();
    const names = (await entries()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["Import Co:ann", "Import Co:eve"]));
    expect(names).not.toContain("Import Co:ben");
    await page.getByRole("link", { name: /Import Co:eve/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("of another authenticator comes as a file, and says what of it cannot be imported", async () => {
    const { page, dialog, complaints, context } = await openDialog();
    const totp = (name: string, secret: string) => ({
      type: "totp",
      name,
      issuer: "File Co",
      info: { secret, algo: "SHA1", digits: 6, period: 30 },
    });
    const aegis = {
      version: 1,
      header: { slots: null, params: null },
      db: { version: 2, entries: [totp("ann", strongSecret), totp("bad", "0")] },
    };
    await dialog.locator('input[type="file"]').setInputFiles({
      name: "aegis.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(aegis)),
    });
    await dialog.getByText("1 entry cannot be imported").click();
    await dialog.getByText("Entry 2:").waitFor();
    await dialog.getByRole("button", { name: "Import 1" }).click();
    await page.getByText("1 entry is in the vault.").waitFor();
    expect((await entries()).map(({ name }) => name)).toContain("File Co:ann");
    expect(complaints).toEqual([]);
    await context.close();
  });
});
