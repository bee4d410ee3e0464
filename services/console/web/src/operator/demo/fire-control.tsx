import type { DemoFire } from "@hotgrid/contracts";
import { Alert, App, Button, Form, InputNumber, Modal, Segmented, Slider, Space } from "antd";
import { useEffect, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { bearing, distanceText } from "../../place/bearing.ts";
import { useServerClock } from "../../time/clock-context.tsx";
import { useLive } from "../live/use-live-city.ts";
import type { Place } from "../map/city-map.ts";
import { operatorPhrases } from "../phrases.ts";

export interface FireControlProps {
  readonly picking: boolean;
  readonly setPicking: (picking: boolean) => void;
  readonly picked: Place | null;
  readonly setPicked: (place: Place | null) => void;
  readonly pickCentre: () => void;
}

/** First where, then how strong and how long. */
export function FireControl({ picking, setPicking, picked, setPicked, pickCentre }: FireControlProps) {
  const text = useText(operatorPhrases);
  return (
    <div className="fire">
      {picking ? (
        <Alert
          type="warning"
          title={text("fire.pick")}
          action={
            <Space>
              <Button size="small" onClick={pickCentre} data-testid="fire-centre">
                {text("fire.useCentre")}
              </Button>
              <Button size="small" onClick={() => setPicking(false)}>
                {text("cancel")}
              </Button>
            </Space>
          }
        />
      ) : (
        <Button type="primary" danger size="large" data-testid="fire-button" onClick={() => setPicking(true)}>
          {text("fire.button")}
        </Button>
      )}
      {picked === null ? null : <FireForm place={picked} close={() => setPicked(null)} />}
    </div>
  );
}

/** g/s of PM2.5. detection.md: a hectare of straw emits 5 to 20. */
const STRENGTHS = { small: 2, medium: 6, large: 15 } as const;
const MINUTES = { least: 10, usual: 45, most: 120 } as const;
/** Demo minutes until a clear case is confirmed: detection needs ten hot minutes. */
const MINUTES_TO_EPISODE = 10;

interface Lit {
  readonly divisionNames: readonly string[];
}

function FireForm({ place, close }: { place: Place; close: () => void }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { message, notification } = App.useApp();
  const [form] = Form.useForm<DemoFire>();
  const [busy, setBusy] = useState(false);
  useEffect(() => form.setFieldsValue({ lon: round(place.lon), lat: round(place.lat) }), [form, place]);

  const light = async (fire: DemoFire) => {
    setBusy(true);
    try {
      const { divisionNames } = await call<Lit>("/demo/fires", { method: "POST", body: fire });
      notification.warning({
        placement: "bottom",
        title: text("fire.lit", { place: divisionNames.slice(1).join(" ") }),
        description: text("fire.litHint", { minutes: fire.minutes }),
      });
      close();
    } catch (error) {
      void message.error(describeError(error, language));
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={text("fire.title")}
      okText={text("fire.confirm")}
      okButtonProps={{ danger: true, loading: busy, ...{ "data-testid": "fire-confirm" } }}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form<DemoFire>
        form={form}
        layout="vertical"
        data-testid="fire-form"
        initialValues={{ pm25: STRENGTHS.medium, minutes: MINUTES.usual }}
        onFinish={(fire) => void light(fire)}
      >
        <Form.Item label={text("fire.place")}>
          <Space>
            <Form.Item name="lon" noStyle rules={[{ required: true }]}>
              <InputNumber aria-label={text("fire.lon")} min={-180} max={180} step={0.001} />
            </Form.Item>
            <Form.Item name="lat" noStyle rules={[{ required: true }]}>
              <InputNumber aria-label={text("fire.lat")} min={-90} max={90} step={0.001} />
            </Form.Item>
          </Space>
          <Form.Item noStyle shouldUpdate>
            {({ getFieldsValue }) => <NearestStation place={getFieldsValue(["lon", "lat"])} />}
          </Form.Item>
        </Form.Item>
        <Form.Item name="pm25" label={text("fire.strength")}>
          <Segmented
            block
            options={[
              { value: STRENGTHS.small, label: text("fire.small") },
              { value: STRENGTHS.medium, label: text("fire.medium") },
              { value: STRENGTHS.large, label: text("fire.large") },
            ]}
          />
        </Form.Item>
        <Form.Item name="minutes" label={text("fire.minutes")}>
          <Slider min={MINUTES.least} max={MINUTES.most} step={5} />
        </Form.Item>
      </Form>
      <WhatNext />
    </Modal>
  );
}

const round = (degrees: number): number => Number(degrees.toFixed(5));

function WhatNext() {
  const text = useText(operatorPhrases);
  const { speed } = useServerClock();
  const wall =
    speed === 0 ? text("fire.wallPaused") : text("fire.wall", { n: Math.round((MINUTES_TO_EPISODE * 60) / speed) });
  return <Alert type="info" title={text("fire.whatNext", { wall })} />;
}

function NearestStation({ place }: { place: Partial<Place> }) {
  const text = useText(operatorPhrases);
  const stations = useLive((state) => state.stations);
  const { lon, lat } = place;
  if (typeof lon !== "number" || typeof lat !== "number") return null;
  let nearest: { name: string; metres: number } | null = null;
  for (const station of stations.values()) {
    const { metres } = bearing({ lon, lat }, station);
    if (nearest === null || metres < nearest.metres) nearest = { name: station.name, metres };
  }
  if (nearest === null) return null;
  return (
    <p className="hint">{text("fire.nearest", { station: nearest.name, distance: distanceText(nearest.metres) })}</p>
  );
}
