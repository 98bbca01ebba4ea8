import { z } from "zod";
import { request } from "./request.ts";

/** The person's own authenticator. Its secret and its backup codes are told once. */

const path = "/api/v1/auth/second-step";
const enrolled = z.object({ otpauth_uri: z.string(), backup_codes: z.array(z.string()) });

export type EnrolledSecondStep = z.output<typeof enrolled>;
export const enrolSecondStep = () => request(path, { method: "POST", answer: enrolled });
export const confirmSecondStep = (code: string) =>
  request(`${path}/confirm`, { method: "POST", body: { code } });
export const removeSecondStep = (code: string) => request(path, { method: "DELETE", body: { code } });
