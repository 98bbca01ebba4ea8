import { z } from "zod";
import {
  issuerBody,
  ruleBody,
  triedToken,
  trustedIssuer,
  tryTokenBody,
  workloadIdentity,
  workloadRule,
} from "../../../plugin/api/workload.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { Workload } from "../../workload/workload.ts";

export interface WorkloadRouteParts {
  readonly workload: Workload;
}

const list: Access = { may: ["keys:manage", "lists:read"] };
/** Rules are written by people: a key that could write one would outlive itself. */
const change: Access = { may: ["keys:manage"], only: "people", fresh: true, lasting: true };
const test: Access = { may: ["keys:manage"], only: "people" };
/** Each may ask an issuer. */
const rateLimit = { max: 60 };
const params = z.object({ id: z.uuid() });
const tags = ["keys"];

export function workloadRoutes(app: App, { workload }: WorkloadRouteParts): void {
  app.get(
    "/api/v1/workload-identity",
    {
      config: { access: list },
      schema: {
        tags,
        summary: "The issuers that this workspace trusts, and who gets in as whom",
        response: { 200: workloadIdentity },
      },
    },
    (request) => workload.read(callerOf(request)),
  );
  app.post(
    "/api/v1/workload-identity/try",
    {
      config: { access: test, rateLimit },
      schema: {
        tags,
        summary: "Would this token get in, as whom, and why not",
        description: "The token is judged and forgotten: it is neither stored, shown nor used up.",
        body: tryTokenBody,
        response: { 200: triedToken },
      },
    },
    (request) => workload.try(callerOf(request), request.body.token),
  );
  issuerRoutes(app, { workload });
  ruleRoutes(app, { workload });
}

function issuerRoutes(app: App, { workload }: WorkloadRouteParts): void {
  app.post(
    "/api/v1/workload-identity/issuers",
    {
      config: { access: change, rateLimit },
      schema: {
        tags,
        summary: "Trust an issuer",
        description: "It is asked for its keys first; nothing is stored if it does not answer.",
        body: issuerBody,
        response: { 201: trustedIssuer },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await workload.addIssuer(callerOf(request), request.body)),
  );
  app.put(
    "/api/v1/workload-identity/issuers/:id",
    {
      config: { access: change, rateLimit },
      schema: {
        tags,
        summary: "Change a trusted issuer; all tokens that came of it end",
        params,
        body: issuerBody,
        response: { 200: trustedIssuer },
      },
    },
    (request) => workload.changeIssuer(callerOf(request), { id: request.params.id, body: request.body }),
  );
  app.delete(
    "/api/v1/workload-identity/issuers/:id",
    {
      config: { access: change },
      schema: {
        tags,
        summary: "Trust an issuer no more, with its rules",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await workload.removeIssuer(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}

function ruleRoutes(app: App, { workload }: WorkloadRouteParts): void {
  app.post(
    "/api/v1/workload-identity/rules",
    {
      config: { access: change },
      schema: {
        tags,
        summary: "Say which tokens of an issuer get in, and as whom",
        body: ruleBody,
        response: { 201: workloadRule },
      },
    },
    async (request, reply) => reply.status(201).send(await workload.addRule(callerOf(request), request.body)),
  );
  app.put(
    "/api/v1/workload-identity/rules/:id",
    {
      config: { access: change },
      schema: {
        tags,
        summary: "Change a rule; all tokens that came of it end",
        params,
        body: ruleBody,
        response: { 200: workloadRule },
      },
    },
    (request) => workload.changeRule(callerOf(request), { id: request.params.id, body: request.body }),
  );
  app.delete(
    "/api/v1/workload-identity/rules/:id",
    {
      config: { access: change },
      schema: { tags, summary: "Remove a rule, with its tokens", params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await workload.removeRule(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
