import { Empty, Skeleton } from "antd";
import { useText } from "../../language/language-context.tsx";
import { useNow } from "../../time/clock-context.tsx";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { FeedLine } from "./feed-line.tsx";

export function FeedPanel() {
  const text = useText(operatorPhrases);
  const feed = useLive((state) => state.feed);
  const loaded = useLive((state) => state.loaded);
  const now = useNow(1000);
  return (
    <aside className="feed" aria-label={text("feed.title")}>
      <h2>{text("feed.title")}</h2>
      {loaded ? null : <Skeleton active paragraph={{ rows: 6 }} />}
      {loaded && feed.length === 0 ? (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              {text("feed.empty")}
              <br />
              {text("feed.emptyHint")}
            </>
          }
        />
      ) : null}
      <ol className="feed-list" aria-live="polite" aria-relevant="additions">
        {feed.map((item) => (
          <FeedLine key={item.key} item={item} now={now} />
        ))}
      </ol>
    </aside>
  );
}
