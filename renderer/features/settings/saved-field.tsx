import { useState } from 'react';
import { TextField } from '../../ui/field.tsx';

/** A text saved on blur or Enter, not on every letter. */
export function SavedField(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly error: string | null;
  readonly onSave: (value: string) => void;
  readonly mono?: boolean;
  readonly type?: 'text' | 'number';
  readonly min?: number;
  readonly max?: number;
}) {
  const { value, onSave, hint, ...rest } = props;
  const [typed, setTyped] = useState(value);
  const [given, setGiven] = useState(value);
  // Changed elsewhere, or reset by the core: the field follows.
  if (given !== value) {
    setGiven(value);
    setTyped(value);
  }
  const save = (): void => {
    if (typed !== value) onSave(typed);
  };
  return (
    <TextField
      {...rest}
      {...(hint === undefined ? {} : { hint })}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
        else if (event.key === 'Escape') setTyped(value);
      }}
    />
  );
}
