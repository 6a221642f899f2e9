import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import styles from './search-input.module.css';

interface SearchInputProps {
  readonly text: string;
  /** Names the box for screen readers. */
  readonly label: string;
  readonly hint: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly ref?: Ref<HTMLInputElement>;
  /** At the end of the box: a key, or a clear button. */
  readonly children?: ReactNode;
}

/** The search box. */
export function SearchInput(props: SearchInputProps) {
  return (
    <div className={styles.box}>
      <Icon name="search" />
      <input
        ref={props.ref}
        type="search"
        value={props.text}
        aria-label={props.label}
        placeholder={props.hint}
        spellCheck={false}
        onChange={(event) => props.onText(event.target.value)}
        onKeyDown={props.onKeyDown}
      />
      {props.children}
    </div>
  );
}
