import type { MailItem } from "../../plugin/api/settings.ts";
import { imapAccountOf } from "./imap-poller.ts";
import type { MailSettings, RunningMail } from "./start-mail.ts";

/**
 * What is set for mail and what is missing, in words for people. Never a password, a user name or a path.
 * `mail` is absent in a process that takes no mail.
 */
export function describeMail(settings: MailSettings, mail: RunningMail | undefined): MailItem[] {
  return [describeDomain(settings), describeSmtp(settings, mail), describeImap(settings, mail)];
}

const fact = (name: string, value: string) => ({ name, value });

function describeDomain({ TOTEM_MAIL_DOMAIN: domain }: MailSettings): MailItem {
  const common = { id: "domain", title: "Domain" } as const;
  if (domain === undefined)
    return {
      ...common,
      state: "off",
      text: "Agents have no mail addresses.",
      facts: [],
      missing: ["Set TOTEM_MAIL_DOMAIN, such as agents.example.com: each agent gets username@domain."],
    };
  return {
    ...common,
    state: "ok",
    text: `Each agent has the address username@${domain}.`,
    facts: [fact("Domain", domain)],
    missing: [],
  };
}

function describeSmtp(settings: MailSettings, mail: RunningMail | undefined): MailItem {
  const { TOTEM_MAIL_DOMAIN: domain, TOTEM_SMTP_HOST: host, TOTEM_SMTP_CERT: cert } = settings;
  const common = { id: "smtp", title: "Mail in by SMTP" } as const;
  if (settings.TOTEM_SMTP_PORT === undefined)
    return {
      ...common,
      state: "off",
      text: "No mail comes in by SMTP.",
      facts: [],
      missing: [
        `Set TOTEM_SMTP_PORT${domain === undefined ? " and TOTEM_MAIL_DOMAIN" : ""}, and let the domain's MX record name this server.`,
      ],
    };
  const port = mail?.smtpPort;
  if (port === undefined)
    return {
      ...common,
      state: "warning",
      text: "Another process of this installation takes the mail.",
      facts: [],
      missing: [],
    };
  const local = /^(127\.|localhost$|::1$)/.test(host);
  const { networks } = settings.TOTEM_MAIL_TRUSTED_HOPS;
  return {
    ...common,
    state: local || !cert ? "warning" : "ok",
    text: `Takes mail on port ${port}${local ? " from this machine only" : ""}.`,
    facts: [
      fact("Port", String(port)),
      fact("TLS", cert ? "Offered (STARTTLS)" : "Not offered"),
      fact("Largest mail", `${Math.round(settings.TOTEM_SMTP_SIZE / 1_048_576)} MB`),
      fact("Trusted mail servers", networks.length === 0 ? "None" : networks.join(", ")),
    ],
    missing: [
      ...(local ? ["Other machines cannot deliver: set TOTEM_SMTP_HOST to 0.0.0.0 to take their mail."] : []),
      ...(cert
        ? []
        : ["Mail comes in unencrypted: set TOTEM_SMTP_CERT and TOTEM_SMTP_KEY to offer STARTTLS."]),
    ],
  };
}

function describeImap(settings: MailSettings, mail: RunningMail | undefined): MailItem {
  const common = { id: "imap", title: "Mail in by IMAP" } as const;
  const { TOTEM_IMAP_URL: url, TOTEM_IMAP_ADDRESS: address, TOTEM_IMAP_MOVE_TO: moveTo } = settings;
  if (url === undefined)
    return {
      ...common,
      state: "off",
      text: "No mailbox of another server is read.",
      facts: [],
      missing: ["Set TOTEM_IMAP_URL to read a mailbox that you have already."],
    };
  const { host, mailbox, secure } = imapAccountOf(url.open());
  const state = mail?.imapState() ?? "connecting";
  const words = {
    connected: "The mailbox is read.",
    connecting: "The mailbox is not connected yet.",
    failed: "The mailbox cannot be read. Totem tries again; the test below says why.",
    refused: "The mailbox's server refuses the user name or the password.",
  } as const;
  return {
    ...common,
    state: state === "connected" ? "ok" : state === "connecting" ? "warning" : "failed",
    text: words[state],
    facts: [
      fact("Server", host),
      fact("Folder", mailbox),
      fact("TLS", secure ? "Yes" : "STARTTLS, or none on this machine"),
      fact("Mail without an address of ours goes to", address ?? "No mailbox"),
      fact("Mail that was read", moveTo === undefined ? "Is marked as read" : `Moves to ${moveTo}`),
    ],
    missing:
      settings.TOTEM_IMAP_TRUSTED_AUTHSERV_ID === undefined
        ? [
            "Who really sent a mail is not known: set TOTEM_IMAP_TRUSTED_AUTHSERV_ID to the name that the mailbox's server signs its results with.",
          ]
        : [],
  };
}
