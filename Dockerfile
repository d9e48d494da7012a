# The service as a container: `docker build -t triage .`, then scripts/deploy/README.md.
# Where builds must be the same for ever, put the digests that your registry shows behind the two tags.
FROM swift:6.3.1-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends libhiredis-dev libsqlite3-dev libssl-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib -Xlinker -s --product triage
COPY models models
COPY kb kb
COPY LICENSE NOTICE ./
COPY scripts/deploy/install scripts/deploy/install
RUN scripts/deploy/install /out .build/release/triage

FROM debian:12.12-slim
# hadolint ignore=DL3008
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        ca-certificates libhiredis0.14 libopenblas0-pthread libsqlite3-0 libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log \
    && groupadd --gid 10001 triage \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/triage --shell /usr/sbin/nologin triage \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/triage
COPY --from=build /out /usr/local
# Every address of the container. Without keys and TLS, or the words that they are not wanted, it does not start.
ENV TRIAGE_HOST=0.0.0.0 TRIAGE_STORE=/var/lib/triage/store
USER 10001:10001
WORKDIR /var/lib/triage
EXPOSE 8080
# Nothing is written but the store: run with --read-only and a volume on /var/lib/triage, or --stateless.
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s CMD ["/usr/local/bin/triage", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/triage"]
CMD ["serve"]
