import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { matchChoices, type WiringChoice } from "./wiring-choices.ts";

export interface WiringListProps {
  readonly title: string;
  readonly choices: readonly WiringChoice[];
  readonly onActive: (choice: WiringChoice | undefined) => void;
  readonly onChoose: (choice: WiringChoice) => void;
  readonly onBack: () => void;
  readonly onLeave: () => void;
  readonly children?: ReactNode;
}

/** A list to filter by typing and to walk with the arrow keys: a combobox that is always open. */
export function WiringList({
  title,
  choices,
  onActive,
  onChoose,
  onBack,
  onLeave,
  children,
}: WiringListProps) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  const id = useId();
  const found = matchChoices(choices, query);
  const active = found[Math.min(at, found.length - 1)];
  const activeKey = active?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: called when the active line changes, not on every render.
  useEffect(() => onActive(active), [activeKey]);

  const step = (by: number) => {
    if (active) setAt((found.indexOf(active) + by + found.length) % found.length);
  };
  const press = (key: string): boolean => {
    if (key === "ArrowDown") step(1);
    else if (key === "ArrowUp") step(-1);
    else if (key === "Enter" && active) onChoose(active);
    else if (key === "Escape") onBack();
    else if (key === "Tab") onLeave();
    else return false;
    return true;
  };
  return (
    <>
      <label className="totem-wiring__title" htmlFor={`${id}-input`}>
        {title}
      </label>
      <input
        id={`${id}-input`}
        className="totem-wiring__input"
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={active && `${id}-${found.indexOf(active)}`}
        autoComplete="off"
        placeholder="Type to choose"
        ref={input}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (press(event.key)) event.preventDefault();
        }}
        onBlur={onLeave}
      />
      <div className="totem-wiring__list" id={`${id}-list`} role="listbox" aria-label={title}>
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys.
          <div
            key={choice.key}
            id={`${id}-${index}`}
            className="totem-wiring__choice"
            role="option"
            tabIndex={-1}
            aria-selected={choice === active}
            aria-disabled={choice.refused !== undefined}
            ref={choice === active ? (line) => line?.scrollIntoView({ block: "nearest" }) : undefined}
            // The focus stays in the input.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(choice)}
          >
            {choice.text}
            {choice.refused && <span className="totem-wiring__reason">{choice.refused}</span>}
          </div>
        ))}
        {found.length === 0 && <p className="totem-wiring__reason">Nothing to choose.</p>}
      </div>
      {children}
    </>
  );
}
