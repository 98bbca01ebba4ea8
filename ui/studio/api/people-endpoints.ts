import type { z } from "zod";
import {
  type changeSingleSignOnBody,
  createdInvitation,
  createdPerson,
  type invitation,
  invitationList,
  me,
  passkey,
  person,
  personList,
  proved,
  sessionList,
  shownInvitation,
  signInWays,
  singleSignOn,
  startedSingleSignOn,
  webauthnOptions,
} from "../../../plugin/api/people.ts";
import type { Role } from "../../../plugin/roles.ts";
import { request } from "./request.ts";

/** People, their ways to sign in and their sessions: apart from the others, because their schemas are not on the first view. */

export type PersonBody = z.output<typeof person>;
export type InvitationBody = z.output<typeof invitation>;
export type PasskeyBody = z.output<typeof passkey>;
export type ShownInvitation = z.output<typeof shownInvitation>;
export type PasskeyOptions = z.output<typeof webauthnOptions>["options"];
export type SingleSignOnBody = z.output<typeof singleSignOn>;

const people = "/api/v1/people";
const post = <T extends z.ZodType>(path: string, body?: unknown, answer?: T) =>
  request(path, { method: "POST", ...(body === undefined ? {} : { body }), ...(answer ? { answer } : {}) });

export const readSignInWays = () => request(`${people}/ways`, { answer: signInWays });
export const passkeySignInOptions = () => post(`${people}/auth/passkey/options`, {}, webauthnOptions);
export const signInWithPasskey = (response: unknown) => post(`${people}/auth/passkey`, { response });
export const signInWithPassword = (body: {
  email: string;
  password: string;
  code?: string;
  response?: unknown;
}) => post(`${people}/auth/password`, body);
export const readInvitation = (token: string) =>
  post(`${people}/auth/invitation/read`, { token }, shownInvitation);
export const acceptInvitation = (token: string, name: string) =>
  post(`${people}/auth/invitation`, { token, ...(name === "" ? {} : { name }) });
export const startSingleSignOn = (workspace_id: string) =>
  post(`${people}/auth/single-sign-on`, { workspace_id }, startedSingleSignOn);

const own = `${people}/me`;
export const readMe = () => request(own, { answer: me });
export const changeMe = (body: { name?: string; email?: string }) =>
  request(own, { method: "PATCH", body, answer: me });
export const switchWorkspace = (workspace_id: string) => post(`${own}/workspace`, { workspace_id });

export const newPasskeyOptions = () => post(`${own}/passkeys/options`, {}, webauthnOptions);
export const addPasskey = (name: string, response: unknown) =>
  post(`${own}/passkeys`, { name, response }, passkey);
const passkeyPath = (id: string) => `${own}/passkeys/${encodeURIComponent(id)}`;
export const renamePasskey = (id: string, name: string) =>
  request(passkeyPath(id), { method: "PATCH", body: { name } });
export const removePasskey = (id: string) => request(passkeyPath(id), { method: "DELETE" });

export const setPassword = (password: string) =>
  request(`${own}/password`, { method: "PUT", body: { password } });
export const removePassword = () => request(`${own}/password`, { method: "DELETE" });

// These are the proof itself: they must not ask for one.
export const proveByCode = (code: string) =>
  request(`${own}/proof`, { method: "POST", body: { code }, answer: proved, asks: false });
export const proofPasskeyOptions = () =>
  request(`${own}/proof/passkey/options`, {
    method: "POST",
    body: {},
    answer: webauthnOptions,
    asks: false,
  });
export const proveByPasskey = (response: unknown) =>
  request(`${own}/proof/passkey`, { method: "POST", body: { response }, answer: proved, asks: false });

export const listSessions = () => request(`${own}/sessions`, { answer: sessionList });
export const endSession = (id: string) =>
  request(`${own}/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
export const endAllSessions = () => request(`${own}/sessions`, { method: "DELETE" });

export const listPeople = () => request(people, { answer: personList });
const personPath = (id: string) => `${people}/${encodeURIComponent(id)}`;
export const createPerson = (body: { name: string; email: string; roles: readonly Role[] }) =>
  post(people, body, createdPerson);
export const changePerson = (id: string, roles: readonly Role[]) =>
  request(personPath(id), { method: "PATCH", body: { roles }, answer: person });
export const removePerson = (id: string) => request(personPath(id), { method: "DELETE" });

export const listInvitations = () => request(`${people}/invitations`, { answer: invitationList });
export const createInvitation = (body: { email: string; roles: readonly Role[] }) =>
  post(`${people}/invitations`, body, createdInvitation);
export const withdrawInvitation = (id: string) =>
  request(`${people}/invitations/${encodeURIComponent(id)}`, { method: "DELETE" });

const provider = "/api/v1/settings/single-sign-on";
export const readSingleSignOn = () => request(provider, { answer: singleSignOn });
export const setSingleSignOn = (body: z.input<typeof changeSingleSignOnBody>) =>
  request(provider, { method: "PUT", body, answer: singleSignOn });
export const removeSingleSignOn = () => request(provider, { method: "DELETE" });
