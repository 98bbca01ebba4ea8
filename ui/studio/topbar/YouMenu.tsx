import { useQueryClient } from "@tanstack/react-query";
import { Check, LogOut, Settings } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Me } from "../../../plugin/api/people.ts";
import { signOut } from "../api/endpoints.ts";
import { changeMe, switchWorkspace } from "../api/people-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { wideOnlyClass } from "../kit/Bar.tsx";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { Menu, MenuItem, MenuLink } from "../kit/Menu.tsx";
import { Muted } from "../kit/text.tsx";
import { showToast } from "../kit/toasts.ts";
import { useAction } from "../kit/useAction.ts";
import { titlesOf } from "../person/role-words.ts";
import { useMe } from "../person/useMe.ts";
import { useWhoami } from "../person/whoami.ts";
import styles from "./YouMenu.module.css";

const skipKey = "totem.name-skipped";

export interface YouMenuProps {
  /** Finishes before the page is left. */
  readonly before?: (() => Promise<unknown>) | undefined;
}

/** The person who is signed in: their name and role, their workspaces, and the way out. It asks once for the name. */
export function YouMenu({ before }: YouMenuProps) {
  const { data: me } = useMe();
  const name = useWhoami()?.name ?? "";
  const [skipped, setSkipped] = useState(() => localStorage.getItem(skipKey));
  const asks = me !== undefined && me.id !== null && me.name === "" && skipped !== me.id;
  const several = me !== undefined && me.workspaces.length > 1;
  const here = several ? me.workspaces.find(({ current }) => current)?.name : undefined;
  const leave = async (go: () => Promise<unknown>) => {
    try {
      await before?.();
      await go();
      location.assign("/");
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    }
  };
  return (
    <Menu
      label={[asks ? "What shall we call you?" : `You: ${name}`, here].filter(Boolean).join(", ")}
      kind={asks ? "link" : "quiet"}
      className={styles.button}
      align="end"
      button={
        <>
          {asks && <span className={wideOnlyClass}>What shall we call you?</span>}
          {here && <span className={wideOnlyClass}>{here}</span>}
          {/* A drawing, not words: the button's name has the whole name. */}
          <span className={styles.initials} data-initials={initialsOf(name)} />
        </>
      }
    >
      {(close) => (
        <>
          {asks ? (
            <AskName
              onSkip={() => {
                localStorage.setItem(skipKey, me.id ?? "");
                setSkipped(me.id);
                close();
              }}
              onNamed={close}
            />
          ) : (
            <div className={styles.who}>
              <strong>{name}</strong>
              {me && <Muted as="div">{titlesOf(me.roles)}</Muted>}
            </div>
          )}
          <hr />
          {several && (
            <Workspaces workspaces={me.workspaces} onSwitch={(id) => void leave(() => switchWorkspace(id))} />
          )}
          <MenuLink href="/settings" icon={<Settings size={14} />} onClick={close}>
            Settings
          </MenuLink>
          <MenuItem icon={<LogOut size={14} />} onClick={() => void leave(signOut)}>
            Sign out
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** "AL" of Ada Lovelace. */
const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

interface WorkspacesProps {
  readonly workspaces: Me["workspaces"];
  readonly onSwitch: (id: string) => void;
}

const Workspaces = ({ workspaces, onSwitch }: WorkspacesProps) => (
  <>
    <fieldset className={styles.workspaces}>
      <legend>Workspace</legend>
      {workspaces.map(({ id, name, roles, current }) => (
        <MenuItem
          key={id}
          icon={current && <Check size={14} />}
          aria-current={current ? "true" : undefined}
          title={titlesOf(roles)}
          onClick={() => current || onSwitch(id)}
        >
          {name}
        </MenuItem>
      ))}
    </fieldset>
    <hr />
  </>
);

interface AskNameProps {
  readonly onSkip: () => void;
  readonly onNamed: () => void;
}

function AskName({ onSkip, onNamed }: AskNameProps) {
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (name === "") return onSkip();
    if (!(await run(() => changeMe({ name })))) return;
    await Promise.all(["me", "whoami"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    onNamed();
  };
  return (
    <form className={styles.ask} onSubmit={(event) => void save(event)}>
      <Labelled title="What shall we call you?">
        <Input name="name" autoComplete="name" maxLength={100} />
      </Labelled>
      <Problem>{problem}</Problem>
      <ButtonRow>
        <Button type="submit" kind="primary" disabled={busy}>
          Save
        </Button>
        <Button kind="quiet" onClick={onSkip}>
          Skip
        </Button>
      </ButtonRow>
    </form>
  );
}
