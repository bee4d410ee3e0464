import { Drawer } from "antd";
import type { ReactNode } from "react";

export interface SideDrawerProps {
  readonly title: string;
  /** px. */
  readonly width: number;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** Lies over the page but not over the header: its counts stay in sight. */
export function SideDrawer({ title, width, close, children }: SideDrawerProps) {
  return (
    <Drawer
      open
      mask={false}
      title={title}
      size={width}
      onClose={close}
      getContainer={false}
      rootStyle={{ position: "absolute" }}
    >
      {children}
    </Drawer>
  );
}
