import type { ReactNode } from 'react';

/** A name and what is known by it, in a list of definitions. */
export function Fact(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
