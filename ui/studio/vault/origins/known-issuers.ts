/**
 * Where well-known services have their login pages. A suggestion only: anybody can write any issuer into a QR code, so a
 * person looks at it before it is stored.
 */
const loginOrigins: Readonly<Record<string, string>> = {
  amazon: "https://www.amazon.com",
  "amazon web services": "https://signin.aws.amazon.com",
  aws: "https://signin.aws.amazon.com",
  atlassian: "https://id.atlassian.com",
  bitbucket: "https://id.atlassian.com",
  cloudflare: "https://dash.cloudflare.com",
  digitalocean: "https://cloud.digitalocean.com",
  discord: "https://discord.com",
  dropbox: "https://www.dropbox.com",
  facebook: "https://www.facebook.com",
  github: "https://github.com",
  gitlab: "https://gitlab.com",
  google: "https://accounts.google.com",
  heroku: "https://id.heroku.com",
  hetzner: "https://accounts.hetzner.com",
  instagram: "https://www.instagram.com",
  linkedin: "https://www.linkedin.com",
  microsoft: "https://login.microsoftonline.com",
  npm: "https://www.npmjs.com",
  npmjs: "https://www.npmjs.com",
  okta: "https://login.okta.com",
  openai: "https://auth.openai.com",
  paypal: "https://www.paypal.com",
  pypi: "https://pypi.org",
  salesforce: "https://login.salesforce.com",
  shopify: "https://accounts.shopify.com",
  slack: "https://slack.com",
  stripe: "https://dashboard.stripe.com",
  twitch: "https://www.twitch.tv",
  twitter: "https://x.com",
  vercel: "https://vercel.com",
  x: "https://x.com",
};

/** Where a service of this name has its login page, as far as it is known here. */
export const suggestedOrigin = (issuer: string | null | undefined): string | undefined => {
  const name = issuer?.trim().toLowerCase() ?? "";
  return Object.hasOwn(loginOrigins, name) ? loginOrigins[name] : undefined;
};
