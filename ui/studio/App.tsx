import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import styles from "./App.module.css";
import { finishSingleSignOn, readWhoami, signInWithLink } from "./api/endpoints.ts";
import { ApiError, messageOf } from "./api/request.ts";
import { Notice } from "./kit/Notice.tsx";
import { Toasts } from "./kit/Toasts.tsx";
import { Studio } from "./Studio.tsx";
import { secondLookStore } from "./second-look/second-look-store.ts";
import { sessionStore } from "./session.ts";
import type { Arrival } from "./sign-in/sign-in-link.ts";

// A person who is signed in never sees it.
const SignInPage = lazy(async () => ({
  default: (await import("./sign-in/SignInPage.tsx")).SignInPage,
}));

// Asked only before what cannot be undone, and before secrets are shown.
const SecondLook = lazy(async () => ({
  default: (await import("./second-look/SecondLook.tsx")).SecondLook,
}));

const InvitationPage = lazy(async () => ({
  default: (await import("./sign-in/InvitationPage.tsx")).InvitationPage,
}));

// Of a link in a message to people who are asked.
const LinkedQuestion = lazy(async () => ({
  default: (await import("./approvals/LinkedQuestion.tsx")).LinkedQuestion,
}));

const enterBy = { "sign-in": signInWithLink, "single-sign-on": finishSingleSignOn };

/** Sent once, even if React mounts its components twice: what an address brings works once. */
let entered: Promise<string | undefined> | undefined;
const tryToEnter = (kind: keyof typeof enterBy, value: string): Promise<string | undefined> => {
  entered ??= enterBy[kind](value).then(() => undefined, messageOf);
  return entered;
};

const opening = <Notice busy title="Opening Totem…" />;

/** Shows the studio to a person whom the server knows, and the sign-in page to others. */
export function App({ arrival }: { arrival: Arrival | undefined }) {
  const [notice, setNotice] = useState<string>();
  const [invitation, setInvitation] = useState(arrival?.kind === "invitation" ? arrival.value : undefined);
  const [question, setQuestion] = useState(arrival?.kind === "approval" ? arrival.value : undefined);
  const lapsed = useStore(sessionStore, (session) => session.lapsed);
  const { answer } = useStore(secondLookStore);
  const whoami = useQuery({
    queryKey: ["whoami"],
    queryFn: async () => {
      if (arrival?.kind === "sign-in" || arrival?.kind === "single-sign-on")
        setNotice(await tryToEnter(arrival.kind, arrival.value));
      return await readWhoami();
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled: invitation === undefined,
  });

  return (
    <>
      {invitation !== undefined ? (
        <Suspense fallback={opening}>
          <InvitationPage token={invitation} onDone={() => setInvitation(undefined)} />
        </Suspense>
      ) : whoami.isPending ? (
        opening
      ) : whoami.isSuccess ? (
        // When the session ends, the page stays as it is and is inert until the next sign-in.
        <div className={styles.app} data-part="app" inert={lapsed}>
          <Studio />
        </div>
      ) : whoami.error instanceof ApiError && whoami.error.status === 401 ? (
        <Suspense fallback={opening}>
          <SignInPage
            notice={notice}
            errorCode={arrival?.kind === "sign-in-error" ? arrival.value : undefined}
          />
        </Suspense>
      ) : (
        <Notice
          title="Totem does not answer"
          text={messageOf(whoami.error)}
          action={{ label: "Try again", run: () => void whoami.refetch() }}
        />
      )}
      {invitation === undefined && whoami.isSuccess && lapsed && (
        <div className={styles.cover}>
          <Suspense>
            <SignInPage
              title="You are signed out"
              notice="Your session has ended. Sign in again to continue; your work here is not lost."
            />
          </Suspense>
        </div>
      )}
      {question !== undefined && whoami.isSuccess && !lapsed && (
        <Suspense>
          <LinkedQuestion token={question} onClose={() => setQuestion(undefined)} />
        </Suspense>
      )}
      {answer && !lapsed && (
        <Suspense>
          <SecondLook onAnswer={answer} />
        </Suspense>
      )}
      <Toasts />
    </>
  );
}
