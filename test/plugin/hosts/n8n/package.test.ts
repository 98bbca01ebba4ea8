import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostedTools } from "../../../../plugin/catalogue.ts";
import { TotemApi } from "../../../../plugin/hosts/n8n/credentials/TotemApi.credentials.ts";
import "../../../support/n8n-context.ts";
import type { INodeProperties, INodeType } from "../../../support/n8n-workflow.ts";

const folder = join(import.meta.dirname, "../../../../plugin/hosts/n8n");
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** As n8n loads them: a file's name is its class's name. */
async function loadNodes(): Promise<INodeType[]> {
  return await Promise.all(
    globSync("nodes/*/*.node.ts", { cwd: folder }).map(async (path) => {
      const name = /(\w+)\.node\.ts$/.exec(path)?.[1] ?? "";
      const loaded = await import(join(folder, path));
      return new loaded[name]();
    }),
  );
}

describe("the n8n package", () => {
  it("lists every file of a node and no other", () => {
    const files = globSync("nodes/*/*.node.ts", { cwd: folder }).map(
      (path) => `dist/${path.replace(/\.ts$/, ".js")}`,
    );
    expect([...manifest.n8n.nodes].sort()).toEqual(files.sort());
    expect(manifest.n8n.credentials).toEqual(["dist/credentials/TotemApi.credentials.js"]);
  });

  it("has one node for each hosted tool of the catalogue and no other, which are tools for n8n", async () => {
    const nodes = await loadNodes();
    const shown = nodes.map(({ description }) => [description.displayName, description.usableAsTool]);
    expect(shown.sort()).toEqual(hostedTools.map(({ palette }) => [palette.label, true]).sort());
  });

  it("depends on nothing that n8n does not bring", () => {
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest.peerDependencies).toEqual({ "n8n-workflow": "*" });
    expect(manifest).toMatchObject({
      name: "n8n-nodes-totem",
      license: "MIT",
      files: ["dist"],
      n8n: { strict: false },
      keywords: expect.arrayContaining(["n8n-community-node-package"]),
    });
    expect(readFileSync(join(folder, "LICENSE"), "utf8")).toContain("MIT License");
  });

  it("has light and dark icons at the places it names", async () => {
    const iconsOf = ({ light, dark }: { light: string; dark: string }) => [light, dark];
    const [node] = await loadNodes();
    const icons = [
      ...iconsOf(node?.description.icon ?? { light: "", dark: "" }).map((icon) =>
        join("nodes/Any", icon.slice(5)),
      ),
      ...iconsOf(new TotemApi().icon).map((icon) => join("credentials", icon.slice(5))),
    ];
    expect(icons.filter((icon) => !existsSync(join(folder, icon)))).toEqual([]);
    expect(new Set(icons).size).toBe(2);
  });

  it("hides the key, and sends it in a header only, with the signature of this n8n", async () => {
    const { properties, authenticate, test } = new TotemApi();
    expect(properties.find(({ name }) => name === "apiKey")?.typeOptions).toEqual({ password: true });
    // As n8n tests a credential: with an address in two parts and parameters beside it.
    const { baseURL, ...request } = test.request;
    const sent = await authenticate(
      { url: "https://totem.example", apiKey: "totem_key_x" },
      { ...request, baseURL: "https://totem.example/base" },
    );
    expect(baseURL).toContain("$credentials.url");
    expect(sent).toMatchObject({
      url: "https://totem.example/base/api/v1/host-workflows?workflow_id=test",
      headers: {
        Authorization: "Bearer totem_key_x",
        signature: expect.stringMatching(/^totem=:/),
        "signature-input": expect.stringMatching(/^totem=\(.*"authorization"\);created=\d+;nonce="/),
      },
    });
    expect(sent.url + sent.body).not.toContain("totem_key_x");
    expect(JSON.stringify(test)).not.toContain("apiKey");
    // n8n's HTTP Request node could send it anywhere.
    expect(properties.find(({ name }) => name === "allowedHttpRequestDomains")).toMatchObject({
      type: "hidden",
      default: "none",
    });
  });
});

describe("the parameters of a node", () => {
  const of = async (label: string): Promise<Record<string, INodeProperties>> => {
    const node = (await loadNodes()).find(({ description }) => description.displayName === label);
    return Object.fromEntries((node?.description.properties ?? []).map((one) => [one.name, one]));
  };

  it("let the model send each argument of the tool's schema, so that nothing has to be set", async () => {
    const { argument_code, argument_username } = await of("Verify TOTP Code");
    expect(argument_code?.displayName).toBe("Code (From the Model)");
    expect(argument_code?.default).toMatch(
      /^=\{\{ .*\$fromAI\('code', 'The code exactly .*', 'string'\) \}\}$/,
    );
    // What the schema does not require has its default, and the model may leave it out.
    expect(argument_username?.default).toMatch(/\$fromAI\('username', .*, 'string', ''\) \}\}$/);
  });

  it("are the tool's settings with their titles, defaults and limits", async () => {
    expect(await of("Wait for Code")).toMatchObject({
      setting_timeout_seconds: {
        displayName: "Seconds to wait",
        type: "number",
        default: 300,
        typeOptions: { minValue: 1, maxValue: 300 },
      },
      setting_sender: { displayName: "Sender", type: "string", default: "" },
      setting_include_body: { type: "boolean", default: false },
      setting_type: { type: "options", default: "any" },
      setting_reveal: { default: "handle", displayOptions: { show: { "@version": [2] } } },
    });
  });

  it("keep an API key out of n8n's log of executions unless a person wants it there", async () => {
    expect((await of("Create Agent User")).setting_reveal).toMatchObject({
      default: "handle",
      options: [{ value: "handle" }, { value: "value" }],
    });
  });

  it("give the model of a new node a handle for a code, and go on with the code where a node was saved before", async () => {
    for (const label of ["Get TOTP Code", "Vault TOTP", "Wait for Code"]) {
      const node = (await loadNodes()).find(({ description }) => description.displayName === label);
      expect([node?.description.version, node?.description.defaultVersion]).toEqual([[1, 2], 2]);
      const reveals = node?.description.properties.filter(({ name }) => name === "setting_reveal");
      expect(reveals?.map((one) => [one.displayOptions?.show?.["@version"], one.default])).toEqual([
        [[1], "value"],
        [[2], "handle"],
      ]);
    }
  });

  it("tell the model what the tool is for, and have no name twice", async () => {
    for (const { description } of await loadNodes()) {
      for (const version of [1, 2]) {
        const names = description.properties
          .filter(({ displayOptions }) => displayOptions?.show?.["@version"]?.includes(version) ?? true)
          .map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }
      const tool = hostedTools.find(({ palette }) => palette.label === description.displayName);
      expect(description.properties[0]).toMatchObject({
        name: "toolDescription",
        default: tool?.tool.description,
      });
    }
  });
});
