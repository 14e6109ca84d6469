"""Composition root of the functions: the one place that knows every concrete class."""

from datetime import UTC, datetime
from functools import cache
from threading import Lock

from redis import Redis
from sqlalchemy import Engine, text

from functions.cloud import dead_letters, deployed_settings
from functions.services import KEY, TOKEN_SECRET, Services
from shared.adapters.alerts import AllAlerts, LogAlerts, WebhookAlerts
from shared.adapters.recordings.store import make_store
from shared.adapters.redis.capacity import RedisCapacity
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.control import ControlSender
from shared.adapters.redis.live_feed import LiveFeedReader
from shared.adapters.redis.pace import RedisAccountBreaker, RedisPacer
from shared.adapters.redis.stops import MirroredStopSwitches
from shared.adapters.twilio.account import TwilioAccount
from shared.adapters.twilio.lookup import TwilioLookup
from shared.adapters.twilio.telephony import TwilioTelephony
from shared.adapters.twilio.usage import TwilioBooks
from shared.adapters.twilio.voice_token import TwilioVoiceTokens
from shared.calls.recordings import KeptRecordings
from shared.conversation.script_book import ScriptBook
from shared.costs.alert import AlertSink
from shared.costs.levels import Levels
from shared.costs.price_table import price_table
from shared.kernel.clock import CivilClock
from shared.light_settings import Variables
from shared.money_settings import MoneySettings
from shared.recording_settings import RecordingSettings
from shared.settings import (
    ApiSettings,
    ClockSettings,
    DatabaseSettings,
    DialSettings,
    NodeSettings,
    RedisSettings,
    TwilioSettings,
    also_read,
    read,
)
from shared.storage.alerts import SqlAlertRepository
from shared.storage.analyses import SqlAnalysisRepository
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.blocked_leads import SqlBlockedLeads
from shared.storage.call_folds import SqlCallFolds
from shared.storage.calls import SqlCallRepository
from shared.storage.calls.permissions import SqlPermissionRecords
from shared.storage.campaign_board import SqlCampaignBoard
from shared.storage.campaign_calls import SqlCampaignCalls
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.consents import SqlConsentRepository
from shared.storage.cost_reports import SqlCostReports
from shared.storage.costs import SqlCostRepository
from shared.storage.engine import make_engine
from shared.storage.inbound import SqlInboundRepository
from shared.storage.invariants import SqlInvariants
from shared.storage.lead_records import SqlLeadRecords
from shared.storage.leads import SqlLeadRepository
from shared.storage.light.clock import NOW, DatabaseTime
from shared.storage.number_checks import SqlNumberCheckRepository
from shared.storage.own_numbers import SqlOwnNumberRepository
from shared.storage.recordings import SqlRecordingBook
from shared.storage.registries import SqlRegistryRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.scores import SqlScoreBook
from shared.storage.scripts import SqlScriptRepository
from shared.storage.sign_offs import SqlSignOffRepository
from shared.storage.stops import SqlStopSwitches
from shared.storage.strays import SqlStrays
from shared.storage.suppressions import SqlSuppressionRepository
from shared.storage.tasks import SqlTaskRepository
from shared.storage.usage_checks import SqlUsageBook
from shared.talk_settings import VoiceSdkSettings

__all__ = ["Services", "compose", "services"]

_building = Lock()


def services() -> Services:
    """Built once per process, on first use, never at import; on one machine several threads may ask first.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    with _building:
        return _built()


@cache
def _built() -> Services:
    also_read(deployed_settings())
    database = read(DatabaseSettings)
    engine = make_engine(database.url, pool_size=database.pool_size, prepares=database.prepares)
    return compose(engine, make_redis(read(RedisSettings).url))


def compose(engine: Engine, redis: Redis) -> Services:
    """Everything over one database and one Redis, the rest from the environment.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    twilio, money, told = read(TwilioSettings), read(MoneySettings), Variables.read()
    recording = read(RecordingSettings)
    horizons = read(DialSettings).horizons
    clock = _clock(engine)
    telephony = TwilioTelephony(
        account_sid=twilio.account_sid,
        auth_token=twilio.auth_token.get_secret_value(),
        base_url=twilio.base_url,
        public_base_url=twilio.public_base_url,
        fallback_url=twilio.fallback_url,
        clock_tolerance=horizons.clock_tolerance,
    )
    return Services(
        leads=SqlLeadRepository(engine),
        consents=SqlConsentRepository(engine),
        suppressions=SqlSuppressionRepository(engine),
        registries=SqlRegistryRepository(engine),
        number_checks=SqlNumberCheckRepository(engine),
        number_lookup=TwilioLookup(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token.get_secret_value(),
            base_url=twilio.base_url,
            clock=clock,
        ),
        sign_offs=SqlSignOffRepository(engine),
        campaigns=SqlCampaignRepository(engine),
        own_numbers=SqlOwnNumberRepository(engine),
        campaign_calls=SqlCampaignCalls(engine),
        board=SqlCampaignBoard(engine),
        appointments=SqlAppointmentRepository(engine),
        calls=SqlCallRepository(engine),
        decisions=SqlPermissionRecords(engine),
        blocked=SqlBlockedLeads(engine),
        folds=SqlCallFolds(engine),
        costs=SqlCostRepository(engine, zone=money.zone),
        alerts=SqlAlertRepository(engine),
        alert_sink=_alert_sink(money),
        records=SqlLeadRecords(engine, zone=money.zone),
        recordings=KeptRecordings(
            store=make_store(recording), book=SqlRecordingBook(engine), lasts=recording.retention
        ),
        usage_book=SqlUsageBook(engine),
        carrier_account=TwilioAccount(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token.get_secret_value(),
            base_url=twilio.base_url,
        ),
        carrier_books=TwilioBooks(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token.get_secret_value(),
            base_url=twilio.base_url,
        ),
        cost_reports=SqlCostReports(engine),
        levels=Levels(warning=money.warning, critical=money.critical),
        true_up_delays=money.true_up_after,
        books_zone=money.zone,
        reports=SqlReportRepository(engine),
        scores=SqlScoreBook(engine),
        analyses=SqlAnalysisRepository(engine),
        inbound=SqlInboundRepository(engine),
        tasks=SqlTaskRepository(engine),
        capacity=RedisCapacity(redis),
        stops=MirroredStopSwitches(redis, SqlStopSwitches(engine)),
        strays=SqlStrays(engine),
        dead_letters=dead_letters(engine),
        invariants=SqlInvariants(engine),
        pacer=RedisPacer(redis, every=horizons.dial_every),
        breaker=RedisAccountBreaker(redis, after=horizons.breaker_after, open_for=horizons.breaker_open),
        account=twilio.account_sid,
        telephony=telephony,
        voice_tokens=_voice_tokens(twilio.account_sid),
        lookup=telephony,
        feed=LiveFeedReader(redis),
        control=ControlSender(redis),
        prices=price_table(),
        scripts=ScriptBook(repository=SqlScriptRepository(engine)),
        carrier_tokens=twilio.tokens,
        public_base_url=twilio.public_base_url,
        # only some functions are told these
        call_token_secret=read(NodeSettings).call_token_secret.get_secret_value() if told.get(TOKEN_SECRET) else "",
        api_key=read(ApiSettings).key.get_secret_value() if told.get(KEY) else "",
        clock=clock,
        horizons=horizons,
    )


def _voice_tokens(account_sid: str) -> TwilioVoiceTokens:
    sdk = read(VoiceSdkSettings)
    return TwilioVoiceTokens(
        account_sid=account_sid,
        api_key=sdk.api_key,
        api_secret=sdk.api_secret.get_secret_value(),
        application=sdk.application,
    )


def _alert_sink(money: MoneySettings) -> AlertSink:
    """The log, and wherever else people want to be told."""
    sinks: list[AlertSink] = [LogAlerts()]
    if money.webhook_url:
        sinks.append(WebhookAlerts(money.webhook_url))
    if money.topic_arn:
        from shared.adapters.aws.clients import make_client
        from shared.adapters.aws.sns import SnsAlerts

        sinks.append(SnsAlerts(make_client("sns"), money.topic_arn))
    return AllAlerts(sinks)


def _clock(engine: Engine) -> CivilClock:
    """The civil clock; on AWS it follows the database's, since every machine there has a clock of its own."""

    def machine_now() -> datetime:
        return datetime.now(UTC)

    def asked() -> datetime:
        with engine.connect() as db:
            moment: datetime = db.execute(text(NOW)).scalar_one()
        return moment

    follows = DatabaseTime(asked, machine_now).now if Variables.read().is_on_lambda else machine_now
    return CivilClock(follows, read(ClockSettings).civil_time)
