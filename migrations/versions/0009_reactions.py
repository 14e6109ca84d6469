"""What a row of the voice node sets off: an opt-out moves the leads, a report asks for the closing of its call.

The functions run with their owner's rights, so that the node needs none on leads or the outbox.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create function opt_out_leads() returns trigger language plpgsql security definer
          set search_path = pg_catalog, public, pg_temp as $$
        begin
          update leads set status = 'opted_out', next_attempt_at = null
          where phone = new.phone and status <> 'opted_out';
          return null;
        end $$;
        create trigger opt_out_leads after insert on suppressions for each row
          when (new.reason = 'opt_out') execute function opt_out_leads();

        create function ask_to_close() returns trigger language plpgsql security definer
          set search_path = pg_catalog, public, pg_temp as $$
        begin
          insert into outbox (id, topic, "group", body)
          select gen_random_uuid(), 'close', campaign_id::text, jsonb_build_object('attempt_id', new.attempt_id)
          from call_attempts where id = new.attempt_id;
          return null;
        end $$;
        create trigger ask_to_close after insert on reports for each row execute function ask_to_close();
        revoke execute on function opt_out_leads(), ask_to_close(), refuse_overlap() from public;
        """
    )


def downgrade() -> None:
    op.execute(
        """
        drop trigger ask_to_close on reports;
        drop trigger opt_out_leads on suppressions;
        drop function ask_to_close, opt_out_leads;
        grant execute on function refuse_overlap() to public;
        """
    )
