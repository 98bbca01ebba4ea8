import { acceptInvitation, acceptSignedIn, readInvitation } from "./accept-invitation.ts";
import {
  confirmAuthenticator,
  enrolAuthenticator,
  removeAuthenticator,
  renewBackupCodes,
} from "./authenticator.ts";
import { createInvitation, listInvitations, withdrawInvitation } from "./invitations.ts";
import { markDevice } from "./known-device.ts";
import { createLink, listEveryone } from "./links.ts";
import { changeMe, readMe } from "./me.ts";
import { addPerson, changeRoles, listPeople } from "./members.ts";
import {
  passkeyProofOptions,
  passkeySignInOptions,
  proveByPasskey,
  signInByPasskey,
} from "./passkey-sign-in.ts";
import { addPasskey, passkeyOptions, removePasskey, renamePasskey } from "./passkeys.ts";
import { removePassword, setPassword } from "./password.ts";
import { signInByPassword } from "./password-sign-in.ts";
import type { PeopleParts } from "./people-parts.ts";
import { proveByCode } from "./prove.ts";
import { removePerson } from "./remove-person.ts";
import { readSignInWays } from "./sign-in-ways.ts";
import { switchWorkspace } from "./switch-workspace.ts";

/**
 * People: how they prove who they are, and what is theirs. It promises that a guess costs the guesser and never the
 * person, and that a factor changes hands only with a fresh proof. Sessions are the matter of `server/access`.
 */
export const createPeople = (parts: PeopleParts) => ({
  readWays: readSignInWays.bind(null, parts),
  readMe: readMe.bind(null, parts),
  changeMe: changeMe.bind(null, parts),
  proveByCode: proveByCode.bind(null, parts),
  enrolAuthenticator: enrolAuthenticator.bind(null, parts),
  confirmAuthenticator: confirmAuthenticator.bind(null, parts),
  renewBackupCodes: renewBackupCodes.bind(null, parts),
  removeAuthenticator: removeAuthenticator.bind(null, parts),
  passkeyOptions: passkeyOptions.bind(null, parts),
  addPasskey: addPasskey.bind(null, parts),
  renamePasskey: renamePasskey.bind(null, parts),
  removePasskey: removePasskey.bind(null, parts),
  passkeySignInOptions: passkeySignInOptions.bind(null, parts),
  signInByPasskey: signInByPasskey.bind(null, parts),
  setPassword: setPassword.bind(null, parts),
  removePassword: removePassword.bind(null, parts),
  signInByPassword: signInByPassword.bind(null, parts),
  markDevice: markDevice.bind(null, parts),
  passkeyProofOptions: passkeyProofOptions.bind(null, parts),
  proveByPasskey: proveByPasskey.bind(null, parts),
  switchWorkspace: switchWorkspace.bind(null, parts),
  list: listPeople.bind(null, parts),
  add: addPerson.bind(null, parts),
  changeRoles: changeRoles.bind(null, parts),
  remove: removePerson.bind(null, parts),
  invite: createInvitation.bind(null, parts),
  listInvitations: listInvitations.bind(null, parts),
  withdrawInvitation: withdrawInvitation.bind(null, parts),
  readInvitation: readInvitation.bind(null, parts),
  acceptInvitation: acceptInvitation.bind(null, parts),
  acceptSignedIn: acceptSignedIn.bind(null, parts),
  listEveryone: listEveryone.bind(null, parts),
  createLink: createLink.bind(null, parts),
});

export type People = ReturnType<typeof createPeople>;
