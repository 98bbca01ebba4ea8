import type { z } from "zod";
import type { workloadIdentity } from "../../plugin/api/workload.ts";
import type { Caller } from "../access/caller.ts";
import { exchangeToken } from "./exchange-token.ts";
import { createIssuerKeys, type FetchAtIssuer } from "./issuer-keys.ts";
import { addIssuer, changeIssuer, listIssuers, removeIssuer } from "./issuer-store.ts";
import { addRule, changeRule, listRules, removeRule } from "./rule-store.ts";
import { tryToken } from "./try-token.ts";
import type { WorkloadParts } from "./workload-parts.ts";

/**
 * Programs that prove who they are by a token of their platform: Kubernetes, GitHub, a cloud, SPIFFE. It promises that a
 * token gets in once, only by a rule that a person wrote, and as nothing more than what that rule names.
 */
export function createWorkload({
  fetchAtIssuer,
  ...rest
}: Omit<WorkloadParts, "issuerKeys"> & { readonly fetchAtIssuer: FetchAtIssuer }) {
  const parts: WorkloadParts = {
    ...rest,
    issuerKeys: createIssuerKeys({ clock: rest.clock, fetchAtIssuer }),
  };
  return {
    exchange: exchangeToken.bind(null, parts),
    read: readWorkload.bind(null, parts),
    addIssuer: addIssuer.bind(null, parts),
    changeIssuer: changeIssuer.bind(null, parts),
    removeIssuer: removeIssuer.bind(null, parts),
    addRule: addRule.bind(null, parts),
    changeRule: changeRule.bind(null, parts),
    removeRule: removeRule.bind(null, parts),
    try: tryToken.bind(null, parts),
  };
}

export type Workload = ReturnType<typeof createWorkload>;

async function readWorkload(
  parts: WorkloadParts,
  { workspaceId }: Caller,
): Promise<z.infer<typeof workloadIdentity>> {
  return {
    audience: parts.addresses.apiBaseUrl,
    workspace_id: workspaceId,
    is_default: workspaceId === parts.defaultWorkspaceId,
    issuers: await listIssuers(parts, workspaceId),
    rules: await listRules(parts, workspaceId),
  };
}
