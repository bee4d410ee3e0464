import { Popup } from "antd-mobile";
import { type ReactNode, useRef } from "react";

export interface SheetProps {
  readonly visible: boolean;
  readonly close: () => void;
  readonly label: string;
  readonly testId?: string;
  /** What was written in it stays when it is closed. */
  readonly keep?: boolean;
  readonly children: ReactNode;
}

/** A dialog that comes from below. The keyboard and the screen reader follow into it; Escape leaves it. */
export function Sheet({ visible, close, label, testId, keep = false, children }: SheetProps) {
  const dialog = useRef<HTMLElement>(null);
  const takeFocus = () => {
    // Whoever was quicker than the animation and writes already is not interrupted.
    if (!dialog.current?.contains(document.activeElement)) dialog.current?.focus();
  };
  return (
    <Popup
      visible={visible}
      onMaskClick={close}
      afterShow={takeFocus}
      position="bottom"
      bodyClassName="sheet"
      destroyOnClose={!keep}
    >
      <section
        ref={dialog}
        role="dialog"
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
        data-testid={testId}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
        }}
      >
        {children}
      </section>
    </Popup>
  );
}
