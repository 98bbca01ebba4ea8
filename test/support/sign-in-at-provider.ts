/**
 * Goes through the pages of `oidc-provider` as a browser does: signs in by name, agrees, and answers the address that
 * the provider leads back to, without going there.
 */
export async function signInAtProvider(url: string, name: string, backTo: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const go = async (address: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(address, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  let address = url;
  let form: Record<string, string> | undefined;
  for (let steps = 0; steps < 20; steps++) {
    const response = await go(address, form);
    form = undefined;
    const location = response.headers.get("location");
    if (location !== null) {
      address = new URL(location, address).href;
      if (address.startsWith(backTo)) return new URL(address);
      continue;
    }
    const page = await response.text();
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (action === undefined || prompt === undefined)
      throw new Error(`The provider answered ${response.status} and a page without a form.`);
    address = new URL(action, address).href;
    form = prompt === "login" ? { prompt, login: name, password: "any" } : { prompt };
  }
  throw new Error("The provider does not lead back.");
}
