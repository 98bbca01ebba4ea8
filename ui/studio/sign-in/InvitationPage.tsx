import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { acceptInvitation, readInvitation, readMe, type ShownInvitation } from "../api/people-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { useAction } from "../kit/useAction.ts";
import { NewPasskey } from "../person/NewPasskey.tsx";
import { titlesOf } from "../person/role-words.ts";
import { SignInCard, SignInForm } from "./SignInCard.tsx";

export interface InvitationPageProps {
  readonly token: string;
  /** Leads into the studio, or to the sign-in page. */
  readonly onDone: () => void;
}

/** The way in for a person who was invited: who invites them, their name, and a passkey to come back with. */
export function InvitationPage({ token, onDone }: InvitationPageProps) {
  const { data, error } = useQuery({
    queryKey: ["invitation"],
    queryFn: () => readInvitation(token),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [accepted, setAccepted] = useState(false);
  if (accepted)
    return (
      <SignInCard title="Add a passkey now">
        <Muted>
          With a passkey you come back without a link. You can add the first one only in the 10 minutes after
          you came in.
        </Muted>
        <NewPasskey onAdded={onDone} />
        <Button kind="quiet" onClick={onDone}>
          Not now
        </Button>
      </SignInCard>
    );
  if (error)
    return (
      <SignInCard title="This invitation does not work">
        <Callout role="alert">{messageOf(error)}</Callout>
        <Button onClick={onDone}>To the sign-in page</Button>
      </SignInCard>
    );
  if (!data)
    return (
      <SignInCard title="You are invited">
        <Muted>One moment…</Muted>
      </SignInCard>
    );
  return (
    <Accept token={token} invitation={data} onAccepted={(isNew) => (isNew ? setAccepted(true) : onDone())} />
  );
}

interface AcceptProps {
  readonly token: string;
  readonly invitation: ShownInvitation;
  /** `isNew`: the person has no passkey yet, and may add one now. */
  readonly onAccepted: (isNew: boolean) => void;
}

function Accept({ token, invitation, onAccepted }: AcceptProps) {
  const { email, roles, workspace, invited_by, expires_at } = invitation;
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const accept = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (!(await run(() => acceptInvitation(token, name)))) return;
    // What was read before belongs to who was signed in before.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "invitation" });
    const me = await readMe().catch(() => undefined);
    onAccepted(me?.may_enrol_first_factor === true);
  };
  return (
    <SignInCard title="You are invited">
      <p>
        {invited_by} invites you to the workspace <strong>{workspace}</strong> as {titlesOf(roles)}.
      </p>
      <Muted>
        For {email}, until {exactTime(expires_at)}. The link works once.
      </Muted>
      <SignInForm onSubmit={(event) => void accept(event)}>
        <Labelled title="Your name">
          <Input name="name" autoComplete="name" maxLength={100} />
        </Labelled>
        <Problem>{problem}</Problem>
        <Button type="submit" kind="primary" disabled={busy}>
          {busy ? "One moment…" : "Accept"}
        </Button>
      </SignInForm>
    </SignInCard>
  );
}
