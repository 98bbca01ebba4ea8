import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import type { PasskeyOptions } from "../api/people-endpoints.ts";
import { ApiError } from "../api/request.ts";

/** Passkeys of this browser, with refusals as sentences. Loaded with the pages that use them. */

type Answer = Promise<Readonly<Record<string, unknown>>>;

/** Has a new passkey made for what `read` answers. */
export const makePasskey = async (read: () => Promise<{ options: PasskeyOptions }>): Answer => {
  const { options } = await read();
  return inSentences(startRegistration({ optionsJSON: options as never }));
};

/** Asks for a passkey that the person has. `inField` offers it in a field of the page, and waits for it there. */
export const askForPasskey = async (
  read: () => Promise<{ options: PasskeyOptions }>,
  { inField = false } = {},
): Answer => {
  const { options } = await read();
  return inSentences(startAuthentication({ optionsJSON: options as never, useBrowserAutofill: inField }));
};

const sentences: Readonly<Record<string, string>> = {
  NotAllowedError: "No passkey was used: it was cancelled, took too long, or this device has none for Totem.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Passkeys do not work at this address.",
  NotSupportedError: "This device cannot make a passkey that Totem accepts.",
};

async function inSentences(answer: Promise<object>): Answer {
  try {
    return { ...(await answer) };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new ApiError({
      status: 0,
      code: name === "AbortError" ? "ABORTED" : "PASSKEY_FAILED",
      message: sentences[name] ?? "The passkey did not work in this browser.",
    });
  }
}

/** Why this page cannot use passkeys, if it cannot. Browsers bind them to a name: an IP address has none. */
export function passkeyObstacle(
  { hostname, port, protocol }: Pick<Location, "hostname" | "port" | "protocol"> = location,
  supported = typeof PublicKeyCredential === "function",
): { readonly text: string; readonly elsewhere?: string } | undefined {
  const isLoopback = /^127\.|^\[::1\]$/.test(hostname);
  if (isLoopback)
    return {
      text: "Browsers allow no passkey at an IP address. Open Totem at the name localhost to use one.",
      elsewhere: `${protocol}//localhost${port === "" ? "" : `:${port}`}`,
    };
  if (/^[\d.]+$|^\[/.test(hostname))
    return { text: "Browsers allow no passkey at an IP address. Open Totem by a name to use one." };
  return supported
    ? undefined
    : { text: "This browser allows no passkey here. It needs HTTPS, or the name localhost." };
}
