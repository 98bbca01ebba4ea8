import { describe, expect, it } from "vitest";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";
import { seeHtml } from "../../../../server/inbox/reading/seen-html.ts";

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

  it.each([
    ["font-size:0;line-height:0", "font-size:16px"],
    ["font-size:0", "font-size:medium"],
    ["font-size:0", "font:16px/1.5 Arial"],
    ["font:0/0 a", "font-size:1rem"],
    ["visibility:hidden", "visibility:visible"],
  ])("shows a code inside of %s that sets its own %s", (around, own) => {
    expect(read(`<div style="${around}"><p style="${own}">Your login code is 482917</p></div>`)).toBe(
      "482917",
    );
    expect(read(`<div style="${around}"><p>Your login code is 482917</p></div>`)).toBe("none");
  });

  it.each(["1em", "100%", "larger", "inherit"])("leaves text without size as it is at %s of it", (size) => {
    expect(
      read(`<div style="font-size:0"><p style="font-size:${size}">Your login code is 482917</p></div>`),
    ).toBe("none");
  });

  it.each([
    "rgba(0,0,0,0)",
    "rgba(0, 0, 0, 0%)",
    "rgb(0 0 0 / 0)",
    "rgba(0,0,0,0.01)",
    "#00000000",
    "#0000",
    "hsl(0, 0%, 100%)",
    "hsla(120, 50%, 50%, 0)",
    "hwb(0 100% 0%)",
    "transparent",
    "TRANSPARENT",
    "rgb(100%, 100%, 100%)",
  ])("does not take a code in the colour %s on white", (color) => {
    expect(read(`<p style="color:${color}">Your login code is 482917</p>`)).toBe("none");
    expect(read(`<table><tr><td><font color="${color}">Your login code is 482917</font></table>`)).toBe(
      "none",
    );
  });

  it.each([
    ["color:rgba(0,0,0,.87)", ""],
    ["color:#000000de", ""],
    ["color:hsl(220 50% 20%)", ""],
    ["color:#fff", "background:rgba(0,0,0,.8)"],
    ["color:#fff", "background:url(https://a.example/b.png) #222 no-repeat"],
    ["color:#000;background:#0000", "background:white"],
    ["color:windowtext", "background:black;color:white;background:white"],
  ])("takes a code in %s on %s", (style, ground) => {
    expect(read(`<div style="${ground}"><p style="${style}">Your login code is 482917</p></div>`)).toBe(
      "482917",
    );
  });

  it("lays a background that is partly transparent over the one behind it", () => {
    const on = (ground: string, color: string) =>
      read(
        `<div style="background:#000"><p style="background:${ground};color:${color}">Your login code is 482917`,
      );
    expect(on("rgba(255,255,255,0.5)", "#808080")).toBe("none");
    expect(on("#ffffff00", "#000")).toBe("none");
    expect(on("#ffffff00", "#fff")).toBe("482917");
  });

  it.each([
    ["display:none!important;display:block", "none"],
    ["display:block;d\\69splay:none", "none"],
    ["display:/* block */none", "none"],
    ["/*;*/display:none", "none"],
    ["color:red;;:;garbage;display:none", "none"],
    ["display:none;display:block", "482917"],
    ["*display:none;_display:none;no display:none;:none", "482917"],
    ["visibility:inherit", "482917"],
    ["background:url('a;display:none');color:red", "482917"],
    ["background:url(data:image/png;display:none)", "482917"],
    ["/*display:none*/color:red", "482917"],
  ])("reads the style %s as a browser does", (style, expected) => {
    expect(read(`<p style="${style}">Your login code is 482917</p>`)).toBe(expected);
  });

  it("shows what follows a head without an end", () => {
    expect(read("<html><head><title>Code 111222</title><body><p>Your login code is 482917</body>")).toBe(
      "482917",
    );
    expect(read("<head><style>p{color:red}</style><p>Your login code is 482917")).toBe("482917");
  });

  const decoy = "Your login code is 998877";
  const deep = "<div>".repeat(200);
  const ownEnd = "template select object noscript iframe textarea noembed noframes script style title".split(
    " ",
  );
  it.each([
    `<div style="display:none"><head>${decoy}</head></div>`,
    `<div hidden><head>${decoy}</head></div>`,
    `<template><head>${decoy}</head></template>`,
    `<span style="color:#fff"><head>${decoy}</head></span>`,
    ...ownEnd.map((name) => `<div><${name}></div>${decoy}</${name}></div>`),
    ...ownEnd.map((name) => `<span><b><${name}></b></span></body></html>${decoy}</${name}>`),
    ...[...ownEnd, "svg", "math"].map((name) => `${deep}<${name}>${decoy}</${name}>`),
    `${deep}<svg><g></g><g>${decoy}</svg>`,
    `${deep}<template><div></div></div>${decoy}</template>`,
    `${deep}<div style="display:none">${decoy}</div>`,
    `<div hidden>${"<div>".repeat(399)}${"</div>".repeat(300)}${decoy}</div>`,
    `<template><template></template>${decoy}</template>`,
    `<div><svg><desc></div>${decoy}</desc></svg></div>`,
    `<svg><desc><div></svg>${decoy}</div></desc></svg>`,
    `<svg><style><!--</style></svg>${decoy}--></svg>`,
    `<svg><![CDATA[</svg>${decoy}]]></svg>`,
    `<svg><script/>${decoy}</svg>`,
    `<math><style></style>${decoy}</math>`,
    `<body><div hidden></body></html>${decoy}`,
    `<body style="display:none"></body>${decoy}`,
    `<span><div hidden></span>${decoy}</div>`,
    `<b><div hidden></b>${decoy}</div>`,
    `<form><div hidden></form>${decoy}</div>`,
    `<ul><li><ul hidden></li>${decoy}</ul></ul>`,
    `<div><table><tr><td hidden></div>${decoy}</td></tr></table></div>`,
    `<div hidden/>${decoy}</div>`,
    `<b hidden><template></b></template>${decoy}</b>`,
    `<b hidden><table><tr><td></b></td></tr></table>${decoy}</b>`,
    `<object><table></object>${decoy}</table></object>`,
    `<td><div hidden></td>${decoy}</div>`,
    `<svg><desc><div></desc></svg>${decoy}</div></desc></svg>`,
    `${deep}<div hidden><template></div>${decoy}</template></div>`,
    `<div hidden><br/><p>a<p>b</p></br>${decoy}</div>`,
    `<div hidden><!-- </div> --><![CDATA[</div>]]<b x="</div>">${decoy}</div>`,
    `<div hidden><plaintext></div>${decoy}`,
    `<div hidden><xmp></div></xmp>${decoy}</div>`,
    `<div hidden>${decoy}`,
    `<template>${decoy}`,
  ])("sees no code in %s", (hidden) => {
    expect(read(`<p>Your order has shipped.</p>${hidden}`)).toBe("none");
    expect(read(`<p>Your login code is 482917</p>${hidden}`)).toBe("482917");
  });

  const shown = "Your login code is 482917";
  it.each([
    `<div><svg></div>${shown}`,
    `<svg/>${shown}`,
    `<svg><title/><desc/></svg>${shown}`,
    `<svg><title>a</title><g><path/></g></svg>${shown}`,
    `<template><div></template>${shown}`,
    `<div><span hidden>a</div>${shown}`,
    `<div><p hidden>a</div>${shown}`,
    `<table><tr><td hidden>a</tr><tr><td>${shown}</table>`,
    `<table><tr><td hidden>a</table>${shown}`,
    `<ul><li hidden>a</ul>${shown}`,
    `<font color="#fff"><p>a</font></p>${shown}`,
    `<body><p>a</p></body></html>${shown}`,
    `<xmp>${shown}</xmp>`,
    `<plaintext>${shown}`,
    `${deep}<template><p></p></template>${shown}`,
    `<div hidden>${"<div>".repeat(399)}${"</div>".repeat(400)}${shown}`,
  ])("sees the code in %s", (html) => {
    expect(read(html)).toBe("482917");
  });

  it("reads entities as a browser does", () => {
    expect(read("<p>Your login code is &#52;&#x38;2&zwnj;9&#49&#55;</p>")).toBe("482917");
    const { links } = seeHtml('<a href="https://a.example/in?a=1&copy=2&amp;b=3">Sign in</a>', 1_000);
    expect(links[0]?.url).toBe("https://a.example/in?a=1&copy=2&b=3");
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
