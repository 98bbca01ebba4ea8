import type { z } from "zod";
import {
  type issuerBody,
  type ruleBody,
  triedToken,
  trustedIssuer,
  workloadIdentity,
  workloadRule,
} from "../../../plugin/api/workload.ts";
import { request } from "./request.ts";

export type WorkloadIdentity = z.infer<typeof workloadIdentity>;
export type NewIssuer = z.input<typeof issuerBody>;
export type NewRule = z.input<typeof ruleBody>;

const path = "/api/v1/workload-identity";
const pathOf = (list: "issuers" | "rules", id: string) => `${path}/${list}/${encodeURIComponent(id)}`;

export const readWorkloadIdentity = () => request(path, { answer: workloadIdentity });
export const saveIssuer = (body: NewIssuer, id?: string) =>
  id === undefined
    ? request(`${path}/issuers`, { method: "POST", body, answer: trustedIssuer })
    : request(pathOf("issuers", id), { method: "PUT", body, answer: trustedIssuer });
export const removeIssuer = (id: string) => request(pathOf("issuers", id), { method: "DELETE" });
export const saveRule = (body: NewRule, id?: string) =>
  id === undefined
    ? request(`${path}/rules`, { method: "POST", body, answer: workloadRule })
    : request(pathOf("rules", id), { method: "PUT", body, answer: workloadRule });
export const removeRule = (id: string) => request(pathOf("rules", id), { method: "DELETE" });
export const tryToken = (token: string) =>
  request(`${path}/try`, { method: "POST", body: { token }, answer: triedToken });
