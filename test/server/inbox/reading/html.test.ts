import { describe, expect, it } from "vitest";
import { seeHtml } from "../../../../server/inbox/reading/html-text.ts";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";

const read = (html: string) => {
  const { kind, value } = readMessage({ html });
  return value ?? kind;
};

describe("HTML mail", () => {
  it("is read as a person sees it, not as it is written", () => {
    const html = `<!DOCTYPE html><html><head><title>Code 111222</title><style>.c{color:#482917;width:604118px}</style></head>
      <body style="background:#f4f4f4"><!-- code: 333444 --><img src="https://t.example/o/558201.gif" alt="">
      <table><tr><td>Your verification code is</td></tr><tr><td style="font-size:32px">719&nbsp;204</td></tr></table>
      <script>var code = 998877;</script></body></html>`;
    expect(read(html)).toBe("719204");
  });

  it.each([
    ["display:none"],
    ["visibility: hidden"],
    ["font-size:0px"],
    ["opacity:0"],
    ["max-height:0;overflow:hidden"],
    ["mso-hide:all"],
    ["color:#ffffff"],
    ["color:#FFF;background-color:white"],
    ["color:transparent"],
  ])("does not take a code that is hidden with %s", (style) => {
    expect(read(`<div style="${style}">Your login code is 998877</div><p>Your order has shipped.</p>`)).toBe(
      "none",
    );
    expect(
      read(`<div style="${style}">Your login code is 998877</div><p>Your login code is 482917</p>`),
    ).toBe("482917");
  });

  it("shows white letters on a dark ground", () => {
    expect(
      read('<div style="background:#222"><span style="color:#fff">Your login code is 482917</span></div>'),
    ).toBe("482917");
  });

  it.each([
    [
      "spans",
      "<p>Your login code</p><p><span>4</span><span>8</span><span>2</span><span>9</span><span>1</span><span>7</span></p>",
    ],
    [
      "cells",
      "<p>Your login code</p><table><tr><td>4</td><td>8</td><td>2</td><td>9</td><td>1</td><td>7</td></tr></table>",
    ],
    [
      "blocks",
      "<p>Your login code</p><div>4</div><div>8</div><div>2</div><div>9</div><div>1</div><div>7</div>",
    ],
  ])("joins digits that stand in %s of their own", (_, html) => {
    expect(read(html)).toBe("482917");
  });

  it("takes no digits from attributes, colours or addresses", () => {
    expect(
      read(
        '<p style="color:#482917">Your verification code was used.</p><a href="https://x.example/t/604118" data-code="777888">Home</a>',
      ),
    ).toBe("none");
  });

  it("bears what is broken", () => {
    expect(read("<p>Your login code is <b>482917</p></div></table><a href='")).toBe("482917");
    expect(read("1 < 2 & 3 > 2, your login code is 482917 <")).toBe("482917");
    expect(read('<p title="a>b">Your login code is 482917')).toBe("482917");
  });

  it("is recognised in what came as text", () => {
    expect(readMessage({ text: "<p>Your login code is:</p><div>482917</div>" }).value).toBe("482917");
  });

  it("keeps the places of links in the text they are shown in", () => {
    const { text, links } = seeHtml(
      '<p>Hello</p><p><a href="https://a.example/in"> Sign <b>in</b> </a></p>',
      1000,
    );
    expect(links.map(({ start, end }) => text.slice(start, end).trim())).toEqual(["Sign in"]);
  });

  it("and text that name different codes make the message ambiguous", () => {
    const both = { text: "Your login code is 482917", html: "<p>Your login code is 604118</p>" };
    expect(readMessage(both)).toMatchObject({
      kind: "ambiguous",
      candidates: [{ value: "482917" }, { value: "604118" }],
    });
    expect(readMessage({ ...both, text: "View this mail in a browser." }).value).toBe("604118");
  });
});
