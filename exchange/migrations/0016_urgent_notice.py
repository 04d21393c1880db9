"""An urgent question is told to the county's psychiatrists without content, and does not stay for ever."""

from django.db import migrations, models

from accounts.walls import OFFICES

WHO = "nullif(current_setting('app.user', true), '')::bigint"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
WORDS = [
    ("new", "有新事项待签收"),
    ("changed", "事项有更新，待签收"),
    ("ended", "事项已办结，待签收"),
    ("overdue", "有事项超过期限"),
    ("urgent", "有急事，请马上登录处理"),
    ("test", "通知测试"),
]

# As in 0007, and: a notice to each address of the county's offices where psychiatrists sit, in the same transaction.
# It carries the question's random number for its link; nothing of the person asked about.
ASK = f"""
CREATE OR REPLACE FUNCTION exchange_ask(new_uuid uuid, form uuid, sealed_number bytea, index bytea, sealed_scene bytea,
  sealed_phone bytea, moment timestamptz) RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
DECLARE office record;
BEGIN
  SELECT g.id, CASE WHEN d.level = 'county' THEN d.id ELSE d.parent_id END AS county INTO office
  FROM accounts_user u JOIN accounts_agency g ON g.id = u.agency_id JOIN accounts_division d ON d.id = g.division_id
  WHERE u.id = {WHO} AND g.id = ANY ({OFFICES}) AND d.level IN ('county', 'township');
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO exchange_emergencyrequest (uuid, form_id, county_id, agency_id, asked_at, asked_by_id, id_number, id_index,
                                         scene, phone, state, answer, advice)
  VALUES (new_uuid, form, office.county, office.id, moment, {WHO}, sealed_number, index, sealed_scene, sealed_phone,
          'waiting', '', '{{}}')
  ON CONFLICT (form_id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO exchange_notice (uuid, channel_id, entry, word, queued_at, due_at, attempts, last_error)
  SELECT gen_random_uuid(), c.id, new_uuid, 'urgent', moment, moment, 0, ''
  FROM exchange_noticechannel c JOIN accounts_agency g ON g.id = c.agency_id
  WHERE g.division_id = office.county AND g.kind IN ('hospital', 'prevention_office') AND g.is_active
    AND c.ended_at IS NULL;
  RETURN true;
END $$;
"""  # noqa: S608

# Forgotten by the clock after a term that the county sets, never within a week: the privacy officer looks into them.
FORGET = """
CREATE FUNCTION young_requests_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.asked_at > now() - interval '6 days' THEN
    RAISE EXCEPTION 'a question of this week stays' USING ERRCODE = '42501';
  END IF;
  RETURN OLD;
END $$;
REVOKE EXECUTE ON FUNCTION young_requests_stay() FROM PUBLIC;
CREATE TRIGGER young_requests_stay BEFORE DELETE ON exchange_emergencyrequest
  FOR EACH ROW EXECUTE FUNCTION young_requests_stay();
GRANT DELETE ON exchange_emergencyrequest TO app;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0015_receipt_order")]
    operations = [
        migrations.AlterField("notice", "word", models.CharField(choices=WORDS, max_length=8, verbose_name="事项")),
        migrations.RunSQL(ASK, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
