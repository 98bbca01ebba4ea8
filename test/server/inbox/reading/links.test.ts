import { describe, expect, it } from "vitest";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";

const token = "9fQ2kLx81Zp0aTmW4cVb";
const from = "Alder <no-reply@mail.alder.example>";
const mail = (...links: [string, string][]) =>
  links.map(([url, words]) => `<p><a href="${url}">${words}</a></p>`).join("");
const rules = (reading: ReturnType<typeof readMessage>) => reading.because.map(({ rule }) => rule);

describe("a sign-in link", () => {
  it("is told from the logo, the help, the unsubscribe and the pictures", () => {
    const html = mail(
      ["https://alder.example/", "<img src='https://cdn.alder.example/logo.png'>"],
      [`https://app.alder.example/magic/${token}`, "Sign in to Alder"],
      ["https://alder.example/help/sign-in", "Trouble signing in?"],
      [`https://alder.example/unsubscribe?token=${token}`, "Unsubscribe"],
      [`https://alder.example/report?token=${token}`, "Not you? Secure your account"],
      [`https://alder.example/pixel.gif?id=${token}`, ""],
    );
    expect(readMessage({ from, html })).toMatchObject({
      kind: "link",
      value: `https://app.alder.example/magic/${token}`,
    });
  });

  it("is marked, and less sure, when its host does not fit the sender", () => {
    const fitting = readMessage({
      from,
      html: mail([`https://alder.example/login?token=${token}`, "Sign in"]),
    });
    const other = readMessage({
      from,
      html: mail([`https://alder-login.example.net/login?token=${token}`, "Sign in"]),
    });
    expect(rules(fitting)).not.toContain("link-host-differs");
    expect(rules(other)).toContain("link-host-differs");
    expect(other.confidence).toBeLessThan(fitting.confidence);
  });

  it("is marked when it shows one host and leads to another", () => {
    const reading = readMessage({
      html: mail([`https://evil.example.net/login?token=${token}`, "https://alder.example/login"]),
    });
    expect(rules(reading)).toContain("link-shows-other-host");
  });

  it("is marked when a name stands before its host", () => {
    const reading = readMessage({
      text: `Sign in: https://alder.example@evil.example.net/login?token=${token}`,
    });
    expect(rules(reading)).toContain("link-hides-host");
  });

  it("is ambiguous when two fit as well", () => {
    const html = mail(
      [`https://alder.example/login?token=${token}`, "Sign in"],
      [`https://birch.example/login?token=${token}x`, "Sign in"],
    );
    expect(readMessage({ html })).toMatchObject({
      kind: "ambiguous",
      candidates: [{ kind: "link" }, { kind: "link" }],
    });
  });

  it("ends where the sentence around it goes on", () => {
    const url = `https://alder.example/verify/${token}`;
    expect(readMessage({ text: `Confirm your address (${url}).` }).value).toBe(url);
    expect(readMessage({ text: `请点击链接${url}。完成验证` }).value).toBe(url);
  });

  it.each([
    ["a home page", "Visit https://alder.example"],
    ["a script", `<a href="javascript:login('${token}')">Sign in</a>`],
    ["a page for signing up", "Please confirm your plan and sign up: https://alder.example/accounts/signup/"],
    ["a page of help", "Sign-in help: https://alder.example/help/article/10482917"],
  ])("is not %s", (_, text) => {
    expect(readMessage({ text }).kind).toBe("none");
  });

  it("gives way to a code", () => {
    expect(
      readMessage({ text: `Your login code is 482917 or open https://alder.example/login?token=${token}` })
        .value,
    ).toBe("482917");
  });
});
