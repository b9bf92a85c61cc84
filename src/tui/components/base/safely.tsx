import { Component, type ReactNode } from 'react';

interface SafelyProps {
  /** A new number makes it try again. */
  readonly attempt: number;
  /** Draws something in its place. */
  readonly renderBroken: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

interface SafelyState {
  readonly attempt: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/** Confines a defect to its children. */
export class Safely extends Component<SafelyProps, SafelyState> {
  override state: SafelyState = { attempt: this.props.attempt, failure: undefined };

  static getDerivedStateFromError(error: unknown): Partial<SafelyState> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ attempt }: SafelyProps, state: SafelyState): Partial<SafelyState> | null {
    return attempt === state.attempt ? null : { attempt, failure: undefined };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : this.props.renderBroken(failure.error);
  }
}
