import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { Input } from "./Field.tsx";
import styles from "./SearchList.module.css";

export interface SearchListProps<T> {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly items: readonly T[];
  /** How many were found, where not all are listed. */
  readonly count?: number;
  readonly keyOf: (item: T) => string;
  readonly onChoose: (item: T) => void;
  /** What to do when nothing was found. */
  readonly empty: string;
  readonly children: (item: T) => ReactNode;
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** A field and the list it filters: arrows choose, Enter takes. The focus stays in the field. */
export function SearchList<T>(props: SearchListProps<T>) {
  const { label, placeholder, query, onQuery, items, keyOf, onChoose, children } = props;
  const { count = items.length, empty } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const at = Math.min(active, Math.max(0, items.length - 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is chosen or another list shown.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, query]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = steps[event.key];
    const chosen = items[at];
    if (step !== undefined && items.length > 0) setActive((at + step + items.length) % items.length);
    else if (event.key === "Enter" && chosen !== undefined) onChoose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.list}>
      <Input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setActive(0);
          onQuery(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${id}-list`} className={styles.items} role="listbox" aria-label={label}>
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has the focus and the keys.
          <div
            key={keyOf(item)}
            id={`${id}-${index}`}
            className={styles.item}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => index !== at && setActive(index)}
            onClick={() => onChoose(item)}
          >
            {children(item)}
          </div>
        ))}
      </div>
      <p className={items.length === 0 ? styles.none : "totem-sr-only"} role="status">
        {items.length === 0 ? empty : `${count} ${count === 1 ? "match" : "matches"}`}
      </p>
    </div>
  );
}

/** The two lines of a row: what it is, and what tells it from others. */
export const SearchText = ({ children, ...rest }: ComponentProps<"span">) => (
  <span {...rest} className={styles.text}>
    {children}
  </span>
);
