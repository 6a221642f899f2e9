import { useId, type ComponentProps, type ReactNode } from 'react';
import styles from './field.module.css';
import { cx } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | null;
}

function useField(props: FieldProps) {
  const id = useId();
  const notes = [props.hint === undefined ? '' : `${id}-hint`, props.error ? `${id}-error` : ''];
  const describedBy = notes.filter((note) => note !== '').join(' ');
  return {
    id,
    control: {
      id,
      'aria-invalid': props.error ? true : undefined,
      'aria-describedby': describedBy === '' ? undefined : describedBy,
    },
    below: (
      <>
        {props.hint === undefined ? null : (
          <p id={`${id}-hint`} className={styles.hint}>
            {props.hint}
          </p>
        )}
        {props.error ? (
          <p id={`${id}-error`} className={styles.error}>
            {props.error}
          </p>
        ) : null}
      </>
    ),
  };
}

export type TextFieldProps = FieldProps &
  Omit<ComponentProps<'input'>, 'className' | 'id'> & {
    readonly mono?: boolean;
    /** A button beside the field. */
    readonly action?: ReactNode;
  };

/** One line of text with its label, hint and error. */
export function TextField(props: TextFieldProps) {
  const { label, hint: _hint, error: _error, mono = false, action, ...rest } = props;
  const field = useField(props);
  return (
    <div className={styles.field}>
      <label htmlFor={field.id}>{label}</label>
      <div className={styles.line}>
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...rest}
          {...field.control}
          className={cx(styles.input, mono && styles.mono)}
        />
        {action}
      </div>
      {field.below}
    </div>
  );
}

export type TextAreaFieldProps = FieldProps &
  Omit<ComponentProps<'textarea'>, 'className' | 'id'> & { readonly mono?: boolean };

/** Multi-line text with its label, hint and error. */
export function TextAreaField(props: TextAreaFieldProps) {
  const { label, hint: _hint, error: _error, mono = false, ...rest } = props;
  const field = useField(props);
  return (
    <div className={styles.field}>
      <label htmlFor={field.id}>{label}</label>
      <textarea {...rest} {...field.control} className={cx(styles.input, styles.area, mono && styles.mono)} />
      {field.below}
    </div>
  );
}

export interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** A choice of one. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const field = useField(props);
  return (
    <div className={styles.field}>
      <label htmlFor={field.id}>{props.label}</label>
      <div className={styles.line}>
        <select
          {...field.control}
          className={styles.input}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => {
            const chosen = props.options.find((option) => option.value === event.target.value);
            if (chosen) props.onChange(chosen.value);
          }}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      {field.below}
    </div>
  );
}

export interface SwitchFieldProps extends FieldProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** A switch that takes effect at once. */
export function SwitchField(props: SwitchFieldProps) {
  const field = useField(props);
  return (
    <div className={cx(styles.field, styles.switchField)}>
      <div>
        <label htmlFor={field.id}>{props.label}</label>
        {field.below}
      </div>
      <input
        type="checkbox"
        role="switch"
        aria-checked={props.checked}
        {...field.control}
        className={styles.switch}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
    </div>
  );
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** A few short choices side by side, as radio buttons. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
