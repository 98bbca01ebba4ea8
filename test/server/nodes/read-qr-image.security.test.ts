import { deflateSync } from "node:zlib";
import { encode as encodeJpeg } from "jpeg-js";
import { expect, it } from "vitest";
import type { PluginError } from "../../../plugin/plugin-error.ts";
import { readQrImage } from "../../../server/nodes/read-qr-image.ts";
import { drawQr } from "../../support/draw-qr.ts";
import { type Grey, pngChunk, writePng } from "../../support/png.ts";
import { qrImages } from "../../support/qr-images.ts";

const text = "otpauth://totp/Service:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const good = writePng(drawQr(text));
const url = (bytes: Uint8Array, type = "png") =>
  `data:image/${type};base64,${Buffer.from(bytes).toString("base64")}`;
/** Time enough on a busy machine, where only what is read counts. */
const patient = 120_000;
const read = (dataUrl: string) => readQrImage(dataUrl, patient);
const problemOf = async (bytes: Uint8Array, type?: string, timeLimit = patient) => {
  const error = (await readQrImage(url(bytes, type), timeLimit).then(
    () => undefined,
    (thrown) => thrown,
  )) as PluginError | undefined;
  expect(error).toMatchObject({ code: "ENROLMENT_REFUSED", fields: [{ field: "arguments.qr_image" }] });
  return error?.message;
};

/** The header of a grey picture of eight bits. */
const header = (width: number, height: number, interlaced = false) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = 8;
  data[12] = interlaced ? 1 : 0;
  return pngChunk("IHDR", data);
};
const png = (...chunks: Buffer[]) =>
  Buffer.concat([good.subarray(0, 8), ...chunks, pngChunk("IEND", new Uint8Array())]);

/** As hard to read as a picture of the largest size can be: half of everything looks like a part of a code. */
const noise = (side: number): Grey => {
  let state = 1;
  const data = Uint8ClampedArray.from({ length: side * side }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { width: side, height: side, data };
};

it("reads the codes people send, as PNG and as JPEG", async () => {
  expect(await read(url(good))).toBe(text);
  const { width, height, data } = drawQr(text);
  const rgba = Buffer.from([...data].flatMap((grey) => [grey, grey, grey, 255]));
  expect(await read(url(encodeJpeg({ width, height, data: rgba }, 90).data, "jpeg"))).toBe(text);
  for (const image of qrImages().filter(({ name }) => ["turned by 17", "dark page", "tiny"].includes(name)))
    expect([image.name, await read(url(image.png))]).toEqual([image.name, image.text]);
});

it("refuses a picture with a second header, whose size nobody looked at", async () => {
  const rows = pngChunk("IDAT", deflateSync(Buffer.alloc(101 * 100)));
  expect(await problemOf(png(header(100, 100), header(20_000, 20_000), rows))).toContain("two headers");
  expect(await problemOf(png(header(100, 100), rows, header(100, 100)))).toContain("two headers");
});

it("refuses an interlaced picture, which unpacks to as much as it likes", async () => {
  const rows = pngChunk("IDAT", deflateSync(Buffer.alloc(60_000_000)));
  expect(await problemOf(png(header(100, 100, true), rows))).toContain("interlaced");
});

it("refuses a picture that unpacks to more than its size takes", async () => {
  const tooMany = (more: number) =>
    png(header(100, 100), pngChunk("IDAT", deflateSync(Buffer.alloc(101 * 100 + more))));
  expect(await problemOf(tooMany(0))).toContain("No QR code");
  expect(await problemOf(tooMany(1))).toContain("more than it says");
  const bomb = tooMany(200_000_000);
  expect(bomb.length).toBeLessThan(200_000);
  expect(await problemOf(bomb)).toContain("more than it says");
});

it("refuses a picture of more than four million pixels, and one that is none", async () => {
  expect(await problemOf(png(header(2_000, 2_001)))).toContain("too large");
  expect(await problemOf(png(header(2 ** 32 - 1, 2 ** 32 - 1)))).toContain("too large");
  for (const bytes of [good.subarray(0, 8), good.subarray(0, 40), Buffer.from("GIF89a"), Buffer.alloc(100)])
    for (const type of ["png", "jpeg"]) expect(await problemOf(bytes, type)).toMatch(/cannot be|more than/);
});

it("lets everybody else go on while it reads the heaviest picture there is, and gives up in time", async () => {
  const heavy = writePng(noise(2_000));
  let turns = 0;
  let over = false;
  const turn = () => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  const problem = await problemOf(heavy, "png", 5_000).finally(() => {
    over = true;
  });
  expect(problem).toMatch(/No QR code|too long/);
  expect(turns).toBeGreaterThan(1_000);
  expect(await problemOf(heavy, "png", 1)).toContain("too long");
});

it("reads two at once, lets some wait, and asks the others to come back", async () => {
  const results = await Promise.allSettled(Array.from({ length: 25 }, () => read(url(good))));
  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  expect(refused).toEqual(["RATE_LIMITED", "RATE_LIMITED", "RATE_LIMITED"]);
  expect(await read(url(good))).toBe(text);
});
