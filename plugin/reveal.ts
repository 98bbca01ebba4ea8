import { z } from "zod";

/** How a tool gives its agent a secret: as it is, or as a handle that only Totem turns into it, once. */
export const revealField = z.enum(["value", "handle"]).default("value").meta({
  title: "The model gets",
  description:
    "value: the secret itself. handle: a stand-in that HTTP Request, Platform API and POST /api/v1/handles/redeem turn into it once.",
});
