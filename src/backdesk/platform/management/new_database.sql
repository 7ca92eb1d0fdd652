CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.parties_require_organisation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties_organisation WHERE id = NEW.organisation_id) THEN
        RAISE EXCEPTION 'There is no organisation %.', NEW.organisation_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.platform_audit_append(_organisation bigint, _person bigint, _interface text, _request text, _at timestamp with time zone, _verb text, _kind text, _subject text, _nonce bytea, _digests jsonb, _fields jsonb, _content bytea, OUT id bigint, OUT sequence bigint, OUT previous bytea, OUT hash bytea) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    _id CONSTANT bigint := nextval('platform_auditentry_id_seq');
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF current_setting('backdesk.scope', true) = 'member'
        AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH link AS (
        INSERT INTO platform_auditchain AS chain (subject_kind, subject_id, sequence, previous, hash)
        VALUES (_kind, _subject, 1, _start, sha256('\x00'::bytea || _start || int8send(1) || _content))
        ON CONFLICT (subject_kind, subject_id) DO UPDATE SET
            sequence = chain.sequence + 1,
            previous = chain.hash,
            hash = sha256('\x00'::bytea || chain.hash || int8send(chain.sequence + 1) || _content)
        RETURNING chain.sequence, chain.previous, chain.hash
    ), entry AS (
        INSERT INTO platform_auditentry (id, organisation_id, person_id, interface, request_id, at, verb,
            subject_kind, subject_id, digests, nonce, sequence, previous, hash)
        SELECT _id, _organisation, _person, _interface, _request, _at, _verb,
            _kind, _subject, _digests, _nonce, link.sequence, link.previous, link.hash FROM link
    ), waiting AS (
        INSERT INTO platform_auditpending (entry_id) VALUES (_id)
    ), told AS (
        INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) VALUES (_id, _organisation, _fields)
    )
    SELECT _id, link.sequence, link.previous, link.hash INTO id, sequence, previous, hash FROM link;
END $$;

CREATE FUNCTION public.platform_audit_begin(_organisations bigint[], _person bigint, _interface text, _request text, _at timestamp with time zone, _verb text, _kind text, _subjects text[], _nonces bytea[], _digests jsonb[], _fields jsonb[], _contents bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF current_setting('backdesk.scope', true) = 'member'
        AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH given AS MATERIALIZED (
        SELECT nextval('platform_auditentry_id_seq') AS id, one.organisation, one.subject, one.nonce, one.digests,
            one.fields, sha256('\x00'::bytea || _start || int8send(1) || one.content) AS hash
        FROM unnest(_organisations, _subjects, _nonces, _digests, _fields, _contents)
            AS one (organisation, subject, nonce, digests, fields, content)
    ), chain AS (
        INSERT INTO platform_auditchain (subject_kind, subject_id, sequence, previous, hash)
        SELECT _kind, subject, 1, _start, hash FROM given
    ), entry AS (
        INSERT INTO platform_auditentry (id, organisation_id, person_id, interface, request_id, at, verb,
            subject_kind, subject_id, digests, nonce, sequence, previous, hash)
        SELECT id, organisation, _person, _interface, _request, _at, _verb,
            _kind, subject, digests, nonce, 1, _start, hash FROM given
    ), waiting AS (INSERT INTO platform_auditpending (entry_id) SELECT id FROM given)
    INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) SELECT id, organisation, fields FROM given;
END $$;

CREATE FUNCTION public.platform_audit_erase(_kind text, _subject text, _names text[], _spared text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    _count bigint;
BEGIN
    PERFORM set_config('backdesk.erasing', 'yes', true);
    UPDATE platform_auditvalues AS v SET fields = (
        SELECT jsonb_object_agg(side.key, CASE
            WHEN jsonb_typeof(side.value) <> 'object' THEN side.value
            WHEN _names IS NULL THEN '{}'::jsonb
            ELSE side.value - _names END)
        FROM jsonb_each(v.fields) AS side)
    FROM platform_auditentry AS entry
    WHERE entry.subject_kind = _kind AND entry.subject_id = _subject AND entry.verb <> _spared
        AND v.entry_id = entry.id AND EXISTS (
            SELECT FROM jsonb_each(v.fields) AS side, LATERAL jsonb_object_keys(
                CASE jsonb_typeof(side.value) WHEN 'object' THEN side.value ELSE '{}'::jsonb END) AS name
            WHERE _names IS NULL OR name = ANY (_names));
    GET DIAGNOSTICS _count = ROW_COUNT;
    PERFORM set_config('backdesk.erasing', '', true);
    RETURN _count;
END $$;

CREATE FUNCTION public.platform_audit_guard_values() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('backdesk.erasing', true) = 'yes' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.platform_audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.platform_audit_seal(_most integer) RETURNS TABLE(index bigint, hash bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    _scope text := current_setting('backdesk.scope', true);
    _first bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('backdesk: sealing the audit trail', 0));
    PERFORM set_config('backdesk.scope', 'system', true);
    SELECT coalesce(max(index) + 1, 0) INTO _first FROM platform_auditleaf;
    RETURN QUERY
        WITH waiting AS (SELECT entry_id FROM platform_auditpending ORDER BY entry_id LIMIT _most),
        gone AS (
            DELETE FROM platform_auditpending USING waiting
            WHERE platform_auditpending.entry_id = waiting.entry_id RETURNING waiting.entry_id
        ),
        made AS (
            INSERT INTO platform_auditleaf (index, entry_id, hash)
            SELECT _first + row_number() OVER (ORDER BY entry.id) - 1, entry.id, entry.hash
            FROM gone JOIN platform_auditentry AS entry ON entry.id = gone.entry_id
            RETURNING index, hash
        )
        SELECT made.index, made.hash FROM made ORDER BY made.index;
    PERFORM set_config('backdesk.scope', coalesce(_scope, ''), true);
END $$;

CREATE FUNCTION public.platform_count_request(_name text, _now timestamp with time zone, _step interval, _window interval, OUT full_at timestamp with time zone, OUT is_over boolean) RETURNS record
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO platform_requestallowance AS kept (name, full_at, is_over)
    VALUES (_name, _now + _step, false)
    ON CONFLICT (name) DO UPDATE SET
        is_over = greatest(kept.full_at, _now) + _step > _now + _window,
        full_at = CASE WHEN greatest(kept.full_at, _now) + _step > _now + _window THEN kept.full_at
            ELSE greatest(kept.full_at, _now) + _step END
    RETURNING kept.full_at, kept.is_over INTO full_at, is_over;
END $$;

CREATE FUNCTION public.platform_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are referred to and stay as who they are: % refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.work_begin(_items json, _organisation bigint, _person bigint, _interface text, _request text, _at timestamp with time zone) RETURNS SETOF integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    _usual CONSTANT work_step := jsonb_populate_record(NULL::work_step, '{"via": "", "kind": "do", "copy": 1,
        "state": "open", "claim": 0, "avoid": [], "touch_seconds": 0, "is_held_back": false}');
    _random CONSTANT bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    _moment CONSTANT text := to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
BEGIN
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT one.place, one.item AS id, one.data AS text, one.data::jsonb AS data,
            sha512(_random || int8send(one.item)) AS random
        FROM ROWS FROM (json_to_recordset(_items) AS (item bigint, data text)) WITH ORDINALITY
            AS one (item, data, place)
    ), item AS (
        INSERT INTO work_item
        SELECT made.* FROM given CROSS JOIN LATERAL
            jsonb_populate_record(NULL::work_item, given.data -> 'item' || '{"sequence": 1}') AS made
        ORDER BY given.place
        ON CONFLICT DO NOTHING RETURNING *
    ), step AS (
        INSERT INTO work_step (id, item_id, service_id, client_id, provider_id, organisation_id, route_id, node, via,
            kind, copy, state, priority, due_at, is_held_back, wakes_at, enabled_at, started_at, ended_at, holder_id,
            taken_at, lease_until, claim, avoid, prefer_id, prefer_until, touch_seconds, touched_at, result)
        SELECT made.id, item.id, item.service_id, item.client_id, item.provider_id, made.organisation_id, made.route_id,
            made.node, made.via, made.kind, made.copy, made.state, coalesce(made.priority, item.priority), item.due_at,
            made.is_held_back, made.wakes_at, _at, made.started_at, made.ended_at, made.holder_id, made.taken_at,
            made.lease_until, made.claim, made.avoid, made.prefer_id, made.prefer_until, made.touch_seconds,
            made.touched_at, made.result
        FROM given JOIN item ON item.id = given.id
        CROSS JOIN LATERAL jsonb_populate_recordset(_usual, given.data -> 'added') AS made
    ), event AS (
        INSERT INTO work_event (item_id, sequence, kind, at, client_id, provider_id, organisation_id, person_id, data,
            nonce)
        SELECT item.id, 1, 'item created', _at, item.client_id, item.provider_id, _organisation, _person, given.data,
            substr(given.random, 1, 16)
        FROM given JOIN item ON item.id = given.id ORDER BY given.place
    ), told AS (
        SELECT item.id, coalesce(_organisation, item.client_id) AS trail, substr(given.random, 17, 16) AS own,
            substr(given.random, 33, 16) AS salt, substr(given.random, 49) AS salt_too,
            '"' || encode(sha256(substr(given.random, 1, 16) || convert_to(given.text, 'UTF8')), 'hex') || '"' AS digest
        FROM given JOIN item ON item.id = given.id
    ), digested AS (
        SELECT *, '{"after":{"event":"' || encode(sha256(salt || '1'::bytea), 'hex') || '","sha256":"'
            || encode(sha256(salt_too || convert_to(digest, 'UTF8')), 'hex') || '"},"before":null}' AS digests
        FROM told
    ), entered AS (
        SELECT platform_audit_begin(
            array_agg(trail), _person, _interface, _request, _at, 'item created', 'work.item',
            array_agg(id::text), array_agg(own), array_agg(digests::jsonb),
            array_agg(('{"after":{"event":["' || encode(salt, 'hex') || '","1"],"sha256":["' || encode(salt_too, 'hex')
                || '",' || to_json(digest) || ']},"before":null}')::jsonb),
            array_agg(convert_to(
                '{"at":"' || _moment || '","digests":' || digests || ',"interface":' || to_json(_interface)
                || ',"kind":"work.item","nonce":"' || encode(own, 'hex') || '","organisation":' || trail || ',"person":'
                || coalesce(_person::text, 'null') || ',"request":' || to_json(_request) || ',"subject":"' || id
                || '","v":1,"verb":"item created"}', 'UTF8')))
        FROM digested
    )
    SELECT CASE WHEN item.id IS NOT NULL THEN 1 END
    FROM given CROSS JOIN entered LEFT JOIN item ON item.id = given.id ORDER BY given.place;
END $$;

CREATE FUNCTION public.work_guard_engagement() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF current_setting('backdesk.scope', true) = 'member' AND (TG_OP = 'UPDATE' OR NEW.provider_id IS NOT NULL
            OR NEW.client_id <> current_setting('backdesk.organisation')::bigint) THEN
        RAISE EXCEPTION 'An engagement is between who proposed it and who accepted it: % refused.', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.work_record(_deeds json, _organisation bigint, _person bigint, _interface text, _request text, _at timestamp with time zone) RETURNS SETOF integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    _deed record; _data jsonb; _step jsonb; _item work_item; _refused bigint[] := '{}';
    _blank work_step := jsonb_populate_record(NULL::work_step,
        '{"via": "", "kind": "do", "copy": 1, "state": "open", "claim": 0, "avoid": [], "is_held_back": false, "touch_seconds": 0}');
BEGIN
    FOR _deed IN SELECT * FROM json_to_recordset(_deeds)
        AS (item bigint, sequence integer, kind text, step bigint, internal bigint, data text)
    LOOP
        IF _deed.item = ANY (_refused) THEN RETURN NEXT NULL; CONTINUE; END IF;
        _data := _deed.data::jsonb;
        IF _deed.sequence = 0 THEN
            INSERT INTO work_item
                SELECT made.* FROM jsonb_populate_record(NULL::work_item, _data -> 'item' || '{"sequence": 1}') AS made
                ON CONFLICT DO NOTHING RETURNING * INTO _item;
            IF NOT FOUND THEN _refused := _refused || _deed.item; RETURN NEXT NULL; CONTINUE; END IF;
        ELSIF _data ? 'item' THEN
            UPDATE work_item AS item SET (title, priority, language, state, round, received_at, due_at, is_paused,
                    delivered_at, closed_at, data, sequence) = (
                SELECT new.title, new.priority, new.language, new.state, new.round, new.received_at, new.due_at,
                    new.is_paused, new.delivered_at, new.closed_at,
                    item.data || coalesce(_data -> 'item' -> 'data', '{}'), item.sequence + 1
                FROM jsonb_populate_record(item, _data -> 'item') AS new)
            WHERE item.id = _deed.item AND item.sequence = _deed.sequence RETURNING item.* INTO _item;
        ELSE
            UPDATE work_item AS item SET sequence = item.sequence + 1
            WHERE item.id = _deed.item AND item.sequence = _deed.sequence RETURNING item.* INTO _item;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Item % is not at event % any more.', _deed.item, _deed.sequence
                USING ERRCODE = 'serialization_failure';
        END IF;
        IF _data ? 'private' THEN
            INSERT INTO work_itemprivate (item_id, client_id, data)
            VALUES (_item.id, _item.client_id, _data -> 'private')
            ON CONFLICT (item_id) DO UPDATE SET data = work_itemprivate.data || excluded.data;
        END IF;
        IF _data ? 'added' THEN
            _blank.item_id := _item.id; _blank.service_id := _item.service_id;
            _blank.client_id := _item.client_id; _blank.provider_id := _item.provider_id;
            _blank.priority := _item.priority; _blank.due_at := _item.due_at; _blank.enabled_at := _at;
            INSERT INTO work_step SELECT made.* FROM jsonb_populate_recordset(_blank, _data -> 'added') AS made;
        END IF;
        FOR _step IN SELECT value FROM jsonb_array_elements(coalesce(_data -> 'steps', '[]')) LOOP
            UPDATE work_step AS step SET (organisation_id, route_id, state, priority, due_at, wakes_at, enabled_at,
                    started_at, ended_at, holder_id, taken_at, lease_until, claim, avoid, prefer_id, prefer_until,
                    touch_seconds, result, is_held_back) = (
                SELECT new.organisation_id, new.route_id, new.state, new.priority, new.due_at, new.wakes_at,
                    new.enabled_at, new.started_at, new.ended_at, new.holder_id, new.taken_at, new.lease_until,
                    new.claim, new.avoid, new.prefer_id, new.prefer_until, new.touch_seconds, new.result, new.is_held_back
                FROM jsonb_populate_record(step, _step) AS new)
            WHERE step.id = (_step ->> 'id')::bigint AND step.item_id = _item.id;
        END LOOP;
        PERFORM work_tell(_item.id, _item.sequence, _item.client_id, _item.provider_id, _deed.internal, _deed.kind,
            _deed.step, _deed.data, _organisation, _person, _interface, _request, _at);
        RETURN NEXT _item.sequence;
    END LOOP;
END $$;

CREATE FUNCTION public.work_require_holder() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties_person WHERE id = NEW.holder_id) THEN
        RAISE EXCEPTION 'There is no person %.', NEW.holder_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.work_require_item() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM work_item AS item WHERE item.id = NEW.item_id AND item.client_id = NEW.client_id
            AND item.provider_id = NEW.provider_id) THEN
        RAISE EXCEPTION 'There is no item % of % and %: % refuses the event.', NEW.item_id, NEW.client_id,
            NEW.provider_id, TG_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TABLE public.work_step (
    id bigint NOT NULL,
    service_id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    organisation_id bigint,
    node character varying(100) NOT NULL,
    via character varying(100) NOT NULL,
    kind character varying(10) NOT NULL,
    copy smallint NOT NULL,
    state character varying(9) NOT NULL,
    priority smallint NOT NULL,
    due_at timestamp with time zone,
    wakes_at timestamp with time zone,
    enabled_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    taken_at timestamp with time zone,
    lease_until timestamp with time zone,
    claim integer NOT NULL,
    avoid jsonb NOT NULL,
    prefer_id bigint,
    prefer_until timestamp with time zone,
    touch_seconds integer NOT NULL,
    result jsonb,
    holder_id bigint,
    item_id bigint NOT NULL,
    route_id bigint,
    is_held_back boolean NOT NULL,
    touched_at timestamp with time zone,
    CONSTRAINT step_counts_from_zero CHECK ((LEAST(claim, (copy)::integer, (priority)::integer, touch_seconds) >= 0)),
    CONSTRAINT step_ended_when_it_says_so CHECK (((state)::text = ANY (
CASE
    WHEN (ended_at IS NULL) THEN '{open,taken,waiting}'::text[]
    ELSE '{done,skipped,cancelled}'::text[]
END))),
    CONSTRAINT step_taken_by_somebody CHECK (
CASE
    WHEN ((state)::text = 'taken'::text) THEN (num_nulls(holder_id, taken_at, lease_until, started_at) = 0)
    ELSE (lease_until IS NULL)
END)
)
WITH (fillfactor='85', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', vacuum_index_cleanup='on');

CREATE FUNCTION public.work_take_next(_person bigint, _organisation bigint, _routes bigint[], _interface text, _request text, _at timestamp with time zone) RETURNS SETOF public.work_step
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
DECLARE
    _self CONSTANT jsonb := to_jsonb(_person);
    _most integer; _steps bigint[]; _items bigint[]; _queues bigint[]; _minutes integer[]; _taken record;
    _step work_step; _sequence integer; _others text; _entry bigint;
BEGIN
    IF current_setting('backdesk.scope', true) IS DISTINCT FROM 'system'
        AND (_person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint
            OR _organisation IS DISTINCT FROM nullif(current_setting('backdesk.organisation', true), '')::bigint) THEN
        RAISE EXCEPTION 'Work is given to who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('work of ' || _person || ' at ' || _organisation, 0));
    FOREACH _most IN ARRAY '{4,32,256}'::integer[] LOOP
        SELECT array_agg(near.id), array_agg(near.item_id), array_agg(near.queue), array_agg(near.minutes)
        INTO _steps, _items, _queues, _minutes
        FROM (
            SELECT first.id, first.item_id, route.id AS queue, route.lease_minutes AS minutes
            FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
            CROSS JOIN LATERAL (
                SELECT step.id, step.item_id, step.priority, step.due_at FROM work_step AS step
                WHERE step.route_id = route.id AND step.state = 'open' AND (step.client_id = _organisation OR step.provider_id = _organisation) AND NOT step.is_held_back AND NOT step.avoid @> _self
                    AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at OR  (
                        SELECT there.level FROM work_entitlement AS there WHERE there.person_id = step.prefer_id
                            AND there.route_id = step.route_id AND there.organisation_id = step.organisation_id) IS NULL)
                ORDER BY step.priority, step.due_at, step.id LIMIT _most) AS first
            WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
                AND route.organisation_id = _organisation AND route.mode <> 'push'
                AND (_routes IS NULL OR route.id = ANY (_routes))
                AND route.at_once > coalesce(cardinality(array_positions((
                    SELECT array_agg(held.service_id) FROM work_step AS held
                    WHERE held.holder_id = _person AND held.state = 'taken' AND held.organisation_id = _organisation
                ), route.service_id)), 0)
            ORDER BY first.priority, first.due_at, first.id) AS near;
        IF _steps IS NULL THEN RETURN; END IF;
        FOR _place IN 1..cardinality(_steps) LOOP
            WITH ours AS MATERIALIZED (
                SELECT FROM work_item AS item WHERE item.id = _items[_place] FOR NO KEY UPDATE SKIP LOCKED
            ), step AS (
                UPDATE work_step AS step SET state = 'taken', holder_id = _person, taken_at = _at,
                    claim = step.claim + 1, started_at = coalesce(step.started_at, _at),
                    lease_until = _at + make_interval(mins => _minutes[_place])
                FROM ours WHERE step.id = _steps[_place] AND step.state = 'open' AND (step.client_id = _organisation OR step.provider_id = _organisation) AND NOT step.is_held_back AND NOT step.avoid @> _self
                    AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at OR  (
                        SELECT there.level FROM work_entitlement AS there WHERE there.person_id = step.prefer_id
                            AND there.route_id = step.route_id AND there.organisation_id = step.organisation_id) IS NULL)
                RETURNING step.item_id, step AS row
            )
            UPDATE work_item AS item SET sequence = item.sequence + 1 FROM step WHERE item.id = step.item_id
            RETURNING item.sequence, step.row INTO _taken;
            EXIT WHEN FOUND OR cardinality(array_positions(_queues[:_place], _queues[_place])) = _most;
        END LOOP;
        EXIT WHEN _taken.sequence IS NOT NULL;
    END LOOP;
    IF _taken.sequence IS NULL THEN RETURN; END IF;
    _step := _taken.row;
    IF _step.kind = 'key' THEN
        WITH other AS (
            UPDATE work_step AS step SET avoid = step.avoid || _self
            WHERE step.item_id = _step.item_id AND step.node = _step.node AND step.id <> _step.id
                AND step.state = 'open'
            RETURNING step.id, step.avoid)
        SELECT string_agg('{"avoid":' || replace(other.avoid::text, ' ', '') || ',"id":' || other.id || '},', '')
        INTO _others FROM other;
    END IF;
    _entry := work_tell(
        _step.item_id, _taken.sequence, _step.client_id, _step.provider_id, NULL, 'step taken', _step.id,
        '{"steps":[' || coalesce(_others, '') || '{"claim":' || _step.claim || ',"holder_id":' || _person || ',"id":'
            || _step.id || ',"lease_until":"' || to_char(_step.lease_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","started_at":"' || to_char(_step.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","state":"taken","taken_at":"' || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}]}',
        _organisation, _person, _interface, _request, _at);
    RETURN NEXT _step;
END $$;

CREATE FUNCTION public.work_tell(_item bigint, _sequence integer, _client bigint, _provider bigint, _internal bigint, _kind text, _step bigint, _data text, _organisation bigint, _person bigint, _interface text, _request text, _at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _random CONSTANT bytea := sha512(uuid_send(gen_random_uuid()));
    _nonce CONSTANT bytea := substr(_random, 1, 16);
    _own CONSTANT bytea := substr(_random, 17, 16);
    _salt CONSTANT bytea := substr(_random, 33, 16);
    _salt_too CONSTANT bytea := substr(_random, 49, 16);
    _digest CONSTANT text := '"' || encode(sha256(_nonce || convert_to(_data, 'UTF8')), 'hex') || '"';
    _trail CONSTANT bigint := coalesce(_organisation, _client);
    _digests CONSTANT text := '{"after":{"event":"'
        || encode(sha256(_salt || convert_to(_sequence::text, 'UTF8')), 'hex') || '","sha256":"'
        || encode(sha256(_salt_too || convert_to(_digest, 'UTF8')), 'hex') || '"},"before":null}';
BEGIN
    INSERT INTO work_event (item_id, sequence, kind, at, client_id, provider_id, internal_to, organisation_id,
        person_id, step_id, data, nonce)
    VALUES (_item, _sequence, _kind, _at, _client, _provider, _internal, _organisation,
        _person, _step, _data::jsonb, _nonce);
    RETURN (platform_audit_append(
        _trail, _person, _interface, _request, _at, _kind, 'work.item', _item::text, _own, _digests::jsonb,
        ('{"after":{"event":["' || encode(_salt, 'hex') || '","' || _sequence || '"],"sha256":["'
            || encode(_salt_too, 'hex') || '",' || to_json(_digest) || ']},"before":null}')::jsonb,
        convert_to(
            '{"at":"' || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","digests":' || _digests
            || ',"interface":' || to_json(_interface) || ',"kind":"work.item","nonce":"' || encode(_own, 'hex')
            || '","organisation":' || _trail || ',"person":' || coalesce(_person::text, 'null')
            || ',"request":' || to_json(_request) || ',"subject":"' || _item || '","v":1,"verb":' || to_json(_kind)
            || '}', 'UTF8'))).id;
END $$;

CREATE TABLE public.work_item (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    business_key character varying(200) NOT NULL COLLATE pg_catalog."C",
    title character varying(200) NOT NULL,
    language character varying(10) NOT NULL,
    priority smallint NOT NULL,
    source character varying(10) NOT NULL,
    state character varying(9) NOT NULL,
    round smallint NOT NULL,
    data jsonb NOT NULL,
    sequence integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    is_paused boolean NOT NULL,
    delivered_at timestamp with time zone,
    closed_at timestamp with time zone,
    service_id bigint NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT item_closed_when_it_says_so CHECK (((state)::text = ANY (
CASE
    WHEN (closed_at IS NULL) THEN '{open,delivered}'::text[]
    ELSE '{accepted,cancelled}'::text[]
END))),
    CONSTRAINT item_delivered_when_it_says_so CHECK (((delivered_at IS NOT NULL) OR ((state)::text <> ALL ('{delivered,accepted}'::text[])))),
    CONSTRAINT item_priority_one_to_nine CHECK (((priority >= 1) AND (priority <= 9))),
    CONSTRAINT work_item_round_check CHECK ((round >= 0)),
    CONSTRAINT work_item_sequence_check CHECK ((sequence >= 0))
)
WITH (fillfactor='85');

CREATE TABLE public.work_stepdraft (
    step_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    "values" jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL
);

CREATE FUNCTION public.work_whole(_step bigint, _item bigint, _organisation bigint) RETURNS TABLE(item public.work_item, service text, draft public.work_stepdraft, step public.work_step)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
    RETURN QUERY
    SELECT whole, kind.name::text, entered, one
    FROM work_item AS whole JOIN work_service AS kind ON kind.id = whole.service_id
    JOIN work_step AS one ON one.item_id = whole.id AND _organisation IN (one.client_id, one.provider_id)
    LEFT JOIN work_stepdraft AS entered ON entered.organisation_id = _organisation AND entered.step_id = _step
    WHERE _organisation IN (whole.client_id, whole.provider_id) AND whole.id = _item ORDER BY one.id;
END $$;

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backdesk_cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE TABLE public.conversations_mention (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    person_id bigint NOT NULL,
    message_id bigint NOT NULL
);

ALTER TABLE public.conversations_mention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_mention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversations_message (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint,
    internal_to bigint,
    author_name character varying(200) NOT NULL,
    text text NOT NULL,
    is_question boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    mail_id character varying(64),
    author_id bigint,
    organisation_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    CONSTRAINT message_kept_by_its_author CHECK (((internal_to IS NULL) OR (internal_to = organisation_id))),
    CONSTRAINT message_kept_by_one_of_them CHECK (((internal_to IS NULL) OR (internal_to = client_id) OR (internal_to = provider_id))),
    CONSTRAINT message_says_something CHECK ((((withdrawn_at IS NULL) AND (NOT (text = ''::text))) OR ((text = ''::text) AND (withdrawn_at IS NOT NULL))))
);

ALTER TABLE public.conversations_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversations_reader (
    id bigint NOT NULL,
    follows boolean NOT NULL,
    read_up_to bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    thread_id bigint NOT NULL
);

ALTER TABLE public.conversations_reader ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_reader_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversations_thread (
    id bigint NOT NULL,
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    title character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint,
    CONSTRAINT thread_of_two_companies_or_one CHECK (((provider_id IS NULL) OR (NOT ((provider_id = client_id) AND (provider_id IS NOT NULL)))))
);

ALTER TABLE public.conversations_thread ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_thread_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_absence (
    id bigint NOT NULL,
    begins_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    note character varying(500) NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT absence_ends_after_it_begins CHECK ((ends_at > begins_at)),
    CONSTRAINT absence_kind_known CHECK (((kind)::text = ANY ((ARRAY['holiday'::character varying, 'sick'::character varying, 'training'::character varying, 'other'::character varying])::text[])))
);

ALTER TABLE public.parties_absence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_absence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_engagement (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    begins_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    proposed_at timestamp with time zone NOT NULL,
    proposed_to character varying(254) NOT NULL,
    token_digest character varying(64),
    accepted_at timestamp with time zone,
    client_id bigint NOT NULL,
    provider_id bigint,
    CONSTRAINT engagement_accepted_by_a_provider CHECK ((((accepted_at IS NULL) AND (provider_id IS NULL)) OR ((accepted_at IS NOT NULL) AND (provider_id IS NOT NULL)))),
    CONSTRAINT engagement_ends_after_it_begins CHECK (((ends_at IS NULL) OR (ends_at > begins_at))),
    CONSTRAINT engagement_has_a_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT engagement_of_two_companies CHECK (((provider_id IS NULL) OR (NOT ((provider_id = client_id) AND (provider_id IS NOT NULL)))))
);

ALTER TABLE public.parties_engagement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_engagement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_failedattempts (
    key character varying(64) NOT NULL,
    failures integer NOT NULL,
    last_failed_at timestamp with time zone,
    locked_until timestamp with time zone,
    CONSTRAINT parties_failedattempts_failures_check CHECK ((failures >= 0))
);

CREATE TABLE public.parties_invitation (
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    roles jsonb NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    token_digest character varying(64),
    sent_at timestamp with time zone,
    times_sent smallint NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    accepted_by_id bigint,
    invited_by_id bigint,
    organisation_id bigint NOT NULL,
    team_id bigint,
    CONSTRAINT invitation_accepted_by_somebody CHECK ((((accepted_at IS NULL) AND (accepted_by_id IS NULL)) OR ((accepted_at IS NOT NULL) AND (accepted_by_id IS NOT NULL)))),
    CONSTRAINT invitation_email_is_lower_case CHECK (((email)::text = lower((email)::text))),
    CONSTRAINT invitation_ends_one_way CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT invitation_expires_later CHECK ((expires_at > invited_at)),
    CONSTRAINT invitation_has_a_role CHECK ((NOT (roles = '[]'::jsonb))),
    CONSTRAINT parties_invitation_times_sent_check CHECK ((times_sent >= 0))
);

ALTER TABLE public.parties_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_membership (
    id bigint NOT NULL,
    role character varying(20) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    person_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT membership_ends_after_it_began CHECK (((ended_at IS NULL) OR (ended_at > began_at))),
    CONSTRAINT membership_role_known CHECK (((role)::text = ANY ((ARRAY['operations_lead'::character varying, 'employee'::character varying, 'controller'::character varying, 'auditor'::character varying, 'delivery_manager'::character varying, 'agent'::character varying])::text[])))
);

ALTER TABLE public.parties_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_organisation (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    is_client boolean NOT NULL,
    is_provider boolean NOT NULL,
    is_demonstration boolean NOT NULL,
    zone character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    second_factor_required boolean NOT NULL,
    working_hours character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT organisation_has_a_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT organisation_has_a_side CHECK ((is_client OR is_provider))
);

ALTER TABLE public.parties_organisation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_participant (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    name character varying(200) NOT NULL,
    since timestamp with time zone NOT NULL,
    engagement_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.parties_participant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_participant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_person (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id bigint NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(200) NOT NULL,
    language character varying(10) NOT NULL,
    zone character varying(64) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    working_hours character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT erased_person_is_not_active CHECK (((erased_at IS NULL) OR (NOT is_active))),
    CONSTRAINT person_email_is_lower_case CHECK (((email)::text = lower((email)::text)))
);

ALTER TABLE public.parties_person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_personskill (
    id bigint NOT NULL,
    level smallint NOT NULL,
    since timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    CONSTRAINT parties_personskill_level_check CHECK ((level >= 0)),
    CONSTRAINT skill_level_known CHECK ((level = ANY (ARRAY[1, 2, 3, 4])))
);

ALTER TABLE public.parties_personskill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_personskill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_skill (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT skill_has_a_name CHECK ((NOT ((name)::text = ''::text)))
);

ALTER TABLE public.parties_skill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_skill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_team (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    CONSTRAINT team_closes_after_it_opened CHECK (((closed_at IS NULL) OR (closed_at >= opened_at))),
    CONSTRAINT team_has_a_name CHECK ((NOT ((name)::text = ''::text)))
);

ALTER TABLE public.parties_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_teammembership (
    id bigint NOT NULL,
    is_lead boolean NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    person_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT team_membership_ends_after_it_began CHECK (((ended_at IS NULL) OR (ended_at >= began_at)))
);

ALTER TABLE public.parties_teammembership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_teammembership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.parties_token (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    digest character varying(64) NOT NULL,
    scopes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT token_has_a_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT token_lives_a_year_at_most CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '366 days'::interval)))),
    CONSTRAINT token_may_do_something CHECK ((NOT (scopes = '[]'::jsonb)))
);

ALTER TABLE public.parties_token ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.parties_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_activity (
    id bigint NOT NULL,
    name character varying(300) NOT NULL,
    figures jsonb NOT NULL,
    steps_per_month double precision,
    hours_per_month double precision,
    minutes_each double precision,
    people integer,
    cost_per_month numeric(14,2),
    currency character varying(3) NOT NULL,
    organisation_id bigint NOT NULL,
    function_id bigint NOT NULL,
    history_id bigint,
    CONSTRAINT cost_has_currency CHECK (((cost_per_month IS NULL) OR (NOT ((currency)::text = ''::text)))),
    CONSTRAINT planning_activity_people_check CHECK ((people >= 0))
);

ALTER TABLE public.planning_activity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.planning_activity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_answer (
    id bigint NOT NULL,
    value smallint,
    judgement smallint,
    know_how smallint,
    customer_contact smallint,
    sensitivity smallint,
    hurts smallint,
    comment text NOT NULL,
    answered_at timestamp with time zone NOT NULL,
    activity_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT planning_answer_customer_contact_check CHECK ((customer_contact >= 0)),
    CONSTRAINT planning_answer_hurts_check CHECK ((hurts >= 0)),
    CONSTRAINT planning_answer_judgement_check CHECK ((judgement >= 0)),
    CONSTRAINT planning_answer_know_how_check CHECK ((know_how >= 0)),
    CONSTRAINT planning_answer_sensitivity_check CHECK ((sensitivity >= 0)),
    CONSTRAINT planning_answer_value_check CHECK ((value >= 0))
);

ALTER TABLE public.planning_answer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.planning_answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_function (
    id bigint NOT NULL,
    name character varying(300) NOT NULL,
    office character varying(6) NOT NULL,
    description text NOT NULL,
    organisation_id bigint NOT NULL
);

ALTER TABLE public.planning_function ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.planning_function_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_rate (
    id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    name character varying(300) NOT NULL,
    rate numeric(14,6) NOT NULL,
    currency character varying(3) NOT NULL,
    organisation_id bigint NOT NULL,
    CONSTRAINT rate_not_negative CHECK ((rate >= (0)::numeric))
);

ALTER TABLE public.planning_rate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.planning_rate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.planning_workhistory (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    mapping jsonb,
    zone character varying(64) NOT NULL,
    calendar character varying(500) NOT NULL,
    rows_read integer NOT NULL,
    rows_accepted integer NOT NULL,
    rows_rejected integer NOT NULL,
    notes jsonb NOT NULL,
    summary jsonb NOT NULL,
    edges jsonb NOT NULL,
    generation integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    file_id bigint,
    job_id bigint,
    organisation_id bigint NOT NULL,
    problem text NOT NULL,
    comparing_id bigint,
    process_id bigint,
    service_id bigint,
    CONSTRAINT history_of_a_file_or_of_live_work CHECK ((((file_id IS NULL) AND (service_id IS NOT NULL)) OR ((file_id IS NOT NULL) AND (service_id IS NULL)))),
    CONSTRAINT history_rows_reconcile CHECK ((rows_read = (rows_accepted + rows_rejected))),
    CONSTRAINT planning_workhistory_generation_check CHECK ((generation >= 0)),
    CONSTRAINT planning_workhistory_rows_accepted_check CHECK ((rows_accepted >= 0)),
    CONSTRAINT planning_workhistory_rows_read_check CHECK ((rows_read >= 0)),
    CONSTRAINT planning_workhistory_rows_rejected_check CHECK ((rows_rejected >= 0))
);

ALTER TABLE public.planning_workhistory ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.planning_workhistory_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_auditchain (
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    sequence bigint NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE public.platform_auditcheckpoint (
    id bigint NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    peaks bytea NOT NULL,
    note text NOT NULL,
    verifier_key character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.platform_auditcheckpoint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_auditcheckpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_auditentry (
    id bigint NOT NULL,
    organisation_id bigint,
    person_id bigint,
    interface character varying(8) NOT NULL,
    request_id character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    verb character varying(100) NOT NULL,
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    digests jsonb NOT NULL,
    nonce bytea NOT NULL,
    sequence bigint NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);

ALTER TABLE public.platform_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_auditleaf (
    index bigint NOT NULL,
    entry_id bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE public.platform_auditnode (
    level smallint NOT NULL,
    index bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE public.platform_auditpending (
    entry_id bigint NOT NULL
);

CREATE TABLE public.platform_auditvalues (
    entry_id bigint NOT NULL,
    organisation_id bigint,
    fields jsonb NOT NULL
);

CREATE TABLE public.platform_idempotencykey (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    key character varying(255) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    status smallint NOT NULL,
    body text NOT NULL,
    location character varying(500) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT platform_idempotencykey_status_check CHECK ((status >= 0))
);

ALTER TABLE public.platform_idempotencykey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_idempotencykey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_job (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    kind character varying(100) NOT NULL,
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    arguments jsonb NOT NULL,
    actor_person_id bigint,
    actor_roles jsonb NOT NULL,
    actor_name character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    attempt integer NOT NULL,
    progress double precision NOT NULL,
    phase character varying(200) NOT NULL,
    message text NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    cancel_requested_at timestamp with time zone,
    language character varying(10) DEFAULT 'en'::character varying NOT NULL,
    CONSTRAINT job_finished_when_it_says_so CHECK ((((finished_at IS NULL) AND ((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying])::text[]))) OR ((finished_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['done'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[]))))),
    CONSTRAINT job_progress_is_a_share CHECK (((progress >= (0.0)::double precision) AND (progress <= (1.0)::double precision))),
    CONSTRAINT job_state_known CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'done'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT platform_job_attempt_check CHECK ((attempt >= 0))
);

ALTER TABLE public.platform_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_notification (
    id bigint NOT NULL,
    organisation_id bigint,
    person_id bigint NOT NULL,
    kind character varying(100) NOT NULL,
    title character varying(300) NOT NULL,
    detail text NOT NULL,
    url character varying(500) NOT NULL,
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    in_app boolean NOT NULL,
    read_at timestamp with time zone,
    email_due_at timestamp with time zone,
    email_attempts smallint NOT NULL,
    emailed_at timestamp with time zone,
    CONSTRAINT platform_notification_email_attempts_check CHECK ((email_attempts >= 0))
);

ALTER TABLE public.platform_notification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_notificationpreference (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    kind character varying(100) NOT NULL,
    in_app boolean NOT NULL,
    email character varying(10) NOT NULL,
    CONSTRAINT preference_email_known CHECK (((email)::text = ANY ((ARRAY['off'::character varying, 'at once'::character varying, 'daily'::character varying])::text[])))
);

ALTER TABLE public.platform_notificationpreference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_notificationpreference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_reachablehours (
    person_id bigint NOT NULL,
    hours character varying(200) NOT NULL,
    CONSTRAINT reachable_at_some_time CHECK ((NOT ((hours)::text = ''::text)))
);

CREATE UNLOGGED TABLE public.platform_requestallowance (
    name character varying(80) NOT NULL,
    full_at timestamp with time zone NOT NULL,
    is_over boolean NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.platform_storedfile (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    name character varying(255) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    path character varying(255) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT stored_file_size_not_negative CHECK ((size >= 0))
);

ALTER TABLE public.platform_storedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_storedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_webhookcursor (
    source character varying(50) NOT NULL,
    transaction bigint NOT NULL,
    number bigint NOT NULL,
    above bigint NOT NULL
);

CREATE TABLE public.platform_webhookdelivery (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    state character varying(10) NOT NULL,
    due_at timestamp with time zone,
    attempts smallint NOT NULL,
    tried_at timestamp with time zone,
    status smallint,
    error character varying(300) NOT NULL,
    excerpt text NOT NULL,
    milliseconds integer,
    endpoint_id bigint NOT NULL,
    message_id bigint NOT NULL,
    CONSTRAINT platform_webhookdelivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT platform_webhookdelivery_milliseconds_check CHECK ((milliseconds >= 0)),
    CONSTRAINT platform_webhookdelivery_status_check CHECK ((status >= 0)),
    CONSTRAINT webhook_delivery_over_is_not_due CHECK ((((state)::text = ANY ((ARRAY['pending'::character varying, 'failed'::character varying])::text[])) OR ((due_at IS NULL) AND ((state)::text = ANY ((ARRAY['delivered'::character varying, 'dead'::character varying])::text[])))))
);

ALTER TABLE public.platform_webhookdelivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_webhookdelivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_webhookendpoint (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    url character varying(2000) NOT NULL,
    description character varying(200) NOT NULL,
    kinds jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paused_at timestamp with time zone,
    pause_reason character varying(300) NOT NULL,
    failing_since timestamp with time zone
);

ALTER TABLE public.platform_webhookendpoint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_webhookendpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_webhookmessage (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    key character varying(64) NOT NULL,
    kind character varying(100) NOT NULL,
    body text NOT NULL,
    subject_kind character varying(100) NOT NULL,
    subject_id character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE public.platform_webhookmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_webhookmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.platform_webhooksecret (
    id bigint NOT NULL,
    salt character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    retires_at timestamp with time zone,
    endpoint_id bigint NOT NULL
);

ALTER TABLE public.platform_webhooksecret ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.platform_webhooksecret_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialaccount (
    id integer NOT NULL,
    provider character varying(200) NOT NULL,
    uid character varying(191) NOT NULL,
    last_login timestamp with time zone NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    extra_data jsonb NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.socialaccount_socialaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialapp (
    id integer NOT NULL,
    provider character varying(30) NOT NULL,
    name character varying(40) NOT NULL,
    client_id character varying(191) NOT NULL,
    secret character varying(191) NOT NULL,
    key character varying(191) NOT NULL,
    provider_id character varying(200) NOT NULL,
    settings jsonb NOT NULL
);

ALTER TABLE public.socialaccount_socialapp ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialapp_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.socialaccount_socialtoken (
    id integer NOT NULL,
    token text NOT NULL,
    token_secret text NOT NULL,
    expires_at timestamp with time zone,
    account_id integer NOT NULL,
    app_id integer
);

ALTER TABLE public.socialaccount_socialtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.socialaccount_socialtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_acknowledgement (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    procedure_digest character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    service_id bigint NOT NULL
);

ALTER TABLE public.work_acknowledgement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_acknowledgement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_alarm (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    state character varying(9) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    deliver_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    item_id bigint NOT NULL,
    CONSTRAINT alarm_told_when_it_says_so CHECK (((((state)::text = 'told'::text) AND (told_at IS NOT NULL)) OR ((NOT ((state)::text = 'told'::text)) AND (told_at IS NULL))))
);

ALTER TABLE public.work_alarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_arrival (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    source character varying(10) NOT NULL,
    mark character varying(64) NOT NULL,
    name character varying(255) NOT NULL,
    at timestamp with time zone NOT NULL,
    item_id bigint,
    service_id bigint NOT NULL,
    batch_id bigint
);

ALTER TABLE public.work_arrival ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_arrival_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_document (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    internal_to bigint,
    organisation_id bigint NOT NULL,
    person_id bigint,
    path character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    kind character varying(100) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    field character varying(200) NOT NULL,
    added_at timestamp with time zone NOT NULL,
    file_id bigint NOT NULL,
    item_id bigint,
    service_id bigint NOT NULL,
    step_id bigint,
    CONSTRAINT document_kept_by_one_of_them CHECK (((internal_to IS NULL) OR (internal_to = client_id) OR (internal_to = provider_id))),
    CONSTRAINT document_without_an_item_is_kept CHECK (((item_id IS NOT NULL) OR (internal_to = organisation_id)))
);

ALTER TABLE public.work_document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_draw (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    kind character varying(6) NOT NULL,
    key character varying(200) NOT NULL,
    person_id bigint,
    share numeric(5,4) NOT NULL,
    is_drawn boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    item_id bigint NOT NULL,
    service_id bigint NOT NULL
);

ALTER TABLE public.work_draw ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_draw_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_entitlement (
    person_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    level smallint NOT NULL,
    route_id bigint NOT NULL,
    CONSTRAINT work_entitlement_level_check CHECK ((level >= 0))
);

CREATE TABLE public.work_event (
    id bigint NOT NULL,
    sequence integer NOT NULL,
    kind character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    internal_to bigint,
    organisation_id bigint,
    person_id bigint,
    step_id bigint,
    data jsonb NOT NULL,
    nonce bytea NOT NULL,
    transaction bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    item_id bigint NOT NULL,
    CONSTRAINT work_event_sequence_check CHECK ((sequence >= 0))
);

ALTER TABLE public.work_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_finding (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    internal_to bigint,
    category character varying(60) NOT NULL,
    is_critical boolean NOT NULL,
    field character varying(200) NOT NULL,
    note character varying(1000) NOT NULL,
    at timestamp with time zone NOT NULL,
    state character varying(9) NOT NULL,
    dispute_until timestamp with time zone,
    dispute_reason character varying(1000) NOT NULL,
    disputed_by_id bigint,
    disputed_at timestamp with time zone,
    answer character varying(1000) NOT NULL,
    answered_by_id bigint,
    answered_at timestamp with time zone,
    item_id bigint NOT NULL,
    service_id bigint NOT NULL,
    inspection_id bigint NOT NULL,
    CONSTRAINT finding_state_as_it_went CHECK ((((answered_at IS NULL) AND (disputed_at IS NULL) AND ((state)::text = 'stands'::text)) OR ((answered_at IS NULL) AND (disputed_at IS NOT NULL) AND ((state)::text = 'disputed'::text)) OR ((answered_at IS NOT NULL) AND (disputed_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['upheld'::character varying, 'withdrawn'::character varying])::text[])))))
);

ALTER TABLE public.work_finding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_goldcase (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    title character varying(200) NOT NULL,
    "values" jsonb NOT NULL,
    truth jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    person_id bigint,
    seeded_at timestamp with time zone,
    compared_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    item_id bigint,
    service_id bigint NOT NULL,
    CONSTRAINT gold_case_seeded_as_an_item CHECK ((((compared_at IS NULL) AND (item_id IS NULL) AND (seeded_at IS NULL)) OR ((item_id IS NOT NULL) AND (seeded_at IS NOT NULL) AND (withdrawn_at IS NULL))))
);

ALTER TABLE public.work_goldcase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_goldcase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_importbatch (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint,
    source character varying(10) NOT NULL,
    state character varying(8) NOT NULL,
    columns jsonb NOT NULL,
    found jsonb NOT NULL,
    line integer NOT NULL,
    read integer NOT NULL,
    created integer NOT NULL,
    duplicate integer NOT NULL,
    rejected integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    file_id bigint NOT NULL,
    job_id bigint,
    service_id bigint NOT NULL,
    CONSTRAINT import_reconciles CHECK ((read = ((created + duplicate) + rejected))),
    CONSTRAINT import_state_known CHECK (((state)::text = ANY ((ARRAY['received'::character varying, 'checking'::character varying, 'checked'::character varying, 'running'::character varying, 'done'::character varying])::text[]))),
    CONSTRAINT work_importbatch_created_check CHECK ((created >= 0)),
    CONSTRAINT work_importbatch_duplicate_check CHECK ((duplicate >= 0)),
    CONSTRAINT work_importbatch_line_check CHECK ((line >= 0)),
    CONSTRAINT work_importbatch_read_check CHECK ((read >= 0)),
    CONSTRAINT work_importbatch_rejected_check CHECK ((rejected >= 0))
);

ALTER TABLE public.work_importbatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_importbatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_importline (
    line integer NOT NULL,
    organisation_id bigint NOT NULL,
    outcome character varying(9) NOT NULL,
    problems jsonb NOT NULL,
    batch_id bigint NOT NULL,
    item_id bigint,
    CONSTRAINT work_importline_line_check CHECK ((line >= 0))
);

CREATE TABLE public.work_inspection (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    internal_to bigint,
    kind character varying(6) NOT NULL,
    round smallint NOT NULL,
    step_id bigint,
    node character varying(100) NOT NULL,
    organisation_id bigint NOT NULL,
    person_id bigint,
    inspector_organisation_id bigint,
    inspector_id bigint,
    at timestamp with time zone NOT NULL,
    is_sent_back boolean NOT NULL,
    errors smallint NOT NULL,
    critical smallint NOT NULL,
    item_id bigint NOT NULL,
    service_id bigint NOT NULL,
    CONSTRAINT inspection_critical_are_errors CHECK ((critical <= errors)),
    CONSTRAINT work_inspection_critical_check CHECK ((critical >= 0)),
    CONSTRAINT work_inspection_errors_check CHECK ((errors >= 0)),
    CONSTRAINT work_inspection_round_check CHECK ((round >= 0))
);

ALTER TABLE public.work_inspection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_inspection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.work_item ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_itemprivate (
    item_id bigint NOT NULL,
    client_id bigint NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE public.work_pause (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    state character varying(9) NOT NULL,
    reason character varying(100) NOT NULL,
    note character varying(500) NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    proposed_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decision character varying(500) NOT NULL,
    decided_by_id bigint,
    item_id bigint NOT NULL,
    proposed_by_id bigint NOT NULL,
    question_id bigint,
    CONSTRAINT pause_decided_when_it_says_so CHECK ((((decided_at IS NULL) AND ((state)::text = 'proposed'::text)) OR ((NOT ((state)::text = 'proposed'::text)) AND (decided_at IS NOT NULL)))),
    CONSTRAINT pause_ends_after_it_begins CHECK (((ended_at IS NULL) OR (ended_at >= began_at)))
);

ALTER TABLE public.work_pause ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_presence (
    person_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    given_at timestamp with time zone
);

CREATE TABLE public.work_question (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    state character varying(9) NOT NULL,
    text text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answer text NOT NULL,
    closed_at timestamp with time zone,
    answered_by_id bigint,
    asked_by_id bigint NOT NULL,
    item_id bigint NOT NULL,
    step_id bigint,
    CONSTRAINT question_closed_when_it_says_so CHECK ((((closed_at IS NULL) AND ((state)::text = 'open'::text)) OR ((closed_at IS NOT NULL) AND ((state)::text = 'withdrawn'::text)) OR ((answered_by_id IS NOT NULL) AND (closed_at IS NOT NULL) AND ((state)::text = 'answered'::text))))
);

ALTER TABLE public.work_question ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_queuecount (
    route_id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    open integer NOT NULL,
    taken integer NOT NULL,
    overdue integer NOT NULL,
    soon integer NOT NULL,
    paused integer NOT NULL,
    oldest_at timestamp with time zone,
    ages jsonb NOT NULL,
    CONSTRAINT work_queuecount_open_check CHECK ((open >= 0)),
    CONSTRAINT work_queuecount_overdue_check CHECK ((overdue >= 0)),
    CONSTRAINT work_queuecount_paused_check CHECK ((paused >= 0)),
    CONSTRAINT work_queuecount_soon_check CHECK ((soon >= 0)),
    CONSTRAINT work_queuecount_taken_check CHECK ((taken >= 0))
);

CREATE TABLE public.work_recordsnapshot (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    "table" character varying(10) NOT NULL,
    month date NOT NULL,
    revision smallint NOT NULL,
    path character varying(200) NOT NULL,
    rows integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    schema_version smallint NOT NULL,
    fingerprint character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    service_id bigint NOT NULL,
    internal_to bigint,
    CONSTRAINT work_recordsnapshot_revision_check CHECK ((revision >= 0)),
    CONSTRAINT work_recordsnapshot_rows_check CHECK ((rows >= 0)),
    CONSTRAINT work_recordsnapshot_schema_version_check CHECK ((schema_version >= 0))
);

ALTER TABLE public.work_recordsnapshot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_recordsnapshot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_route (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    node character varying(100) NOT NULL,
    name character varying(200) NOT NULL,
    language character varying(10) NOT NULL,
    role character varying(20) NOT NULL,
    skills jsonb NOT NULL,
    mode character varying(4) NOT NULL,
    service_id bigint NOT NULL,
    at_once smallint NOT NULL,
    lease_minutes smallint NOT NULL,
    may_choose boolean NOT NULL,
    standard_minutes numeric(8,2) NOT NULL,
    CONSTRAINT work_route_at_once_check CHECK ((at_once >= 0)),
    CONSTRAINT work_route_lease_minutes_check CHECK ((lease_minutes >= 0))
);

ALTER TABLE public.work_route ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_route_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_samplingrate (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    kind character varying(6) NOT NULL,
    person_id bigint,
    share numeric(5,4) NOT NULL,
    set_at timestamp with time zone NOT NULL,
    service_id bigint NOT NULL,
    CONSTRAINT sampling_rate_is_a_share CHECK (((share >= (0)::numeric) AND (share <= (1)::numeric)))
);

ALTER TABLE public.work_samplingrate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_samplingrate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_service (
    id bigint NOT NULL,
    key character varying(60) NOT NULL,
    name character varying(200) NOT NULL,
    state character varying(8) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    engagement_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    current_id bigint,
    CONSTRAINT service_in_use_has_a_version CHECK ((((state)::text = 'draft'::text) OR (current_id IS NOT NULL))),
    CONSTRAINT service_state_known CHECK (((state)::text = ANY ((ARRAY['draft'::character varying, 'active'::character varying, 'paused'::character varying, 'retired'::character varying])::text[])))
);

ALTER TABLE public.work_service ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_service_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_servicesecret (
    service_id bigint NOT NULL,
    client_id bigint NOT NULL,
    seed bytea NOT NULL
);

CREATE TABLE public.work_servicesource (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    internal_to bigint,
    files jsonb NOT NULL,
    version_id bigint NOT NULL
);

ALTER TABLE public.work_servicesource ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_servicesource_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_serviceversion (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    number integer NOT NULL,
    digest character varying(64) NOT NULL,
    procedure_digest character varying(64) NOT NULL,
    note character varying(500) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    service_id bigint NOT NULL,
    CONSTRAINT work_serviceversion_number_check CHECK ((number >= 0))
);

ALTER TABLE public.work_serviceversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_serviceversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.work_step ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.work_termschange (
    id bigint NOT NULL,
    client_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    reason character varying(500) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    applied_to bigint NOT NULL,
    applied_at timestamp with time zone,
    made_by_id bigint NOT NULL,
    service_id bigint NOT NULL,
    version_id bigint NOT NULL
);

ALTER TABLE public.work_termschange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.work_termschange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_acknowledgement
    ADD CONSTRAINT acknowledged_once UNIQUE (service_id, person_id, organisation_id, procedure_digest);

ALTER TABLE ONLY public.planning_activity
    ADD CONSTRAINT activity_named_once UNIQUE NULLS NOT DISTINCT (organisation_id, history_id, name);

ALTER TABLE ONLY public.work_alarm
    ADD CONSTRAINT alarm_once UNIQUE (item_id, kind, due_at, person_id, organisation_id);

ALTER TABLE ONLY public.work_arrival
    ADD CONSTRAINT arrival_once UNIQUE (service_id, source, mark);

ALTER TABLE ONLY public.platform_auditentry
    ADD CONSTRAINT audit_one_entry_a_place UNIQUE (subject_kind, subject_id, sequence);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.backdesk_cache
    ADD CONSTRAINT backdesk_cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.conversations_mention
    ADD CONSTRAINT conversations_mention_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations_reader
    ADD CONSTRAINT conversations_reader_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations_thread
    ADD CONSTRAINT conversations_thread_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.work_event
    ADD CONSTRAINT event_once_a_place UNIQUE (item_id, sequence);

ALTER TABLE ONLY public.planning_function
    ADD CONSTRAINT function_named_once UNIQUE (organisation_id, name);

ALTER TABLE ONLY public.platform_idempotencykey
    ADD CONSTRAINT idempotency_key_once UNIQUE (organisation_id, person_id, key);

ALTER TABLE ONLY public.conversations_mention
    ADD CONSTRAINT mentioned_once UNIQUE (message_id, person_id);

ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT message_once_a_mail UNIQUE (thread_id, mail_id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_absence
    ADD CONSTRAINT one_absence_at_a_time EXCLUDE USING gist (int8range(organisation_id, organisation_id, '[]'::text) WITH &&, int8range(person_id, person_id, '[]'::text) WITH &&, tstzrange(begins_at, ends_at) WITH &&);

ALTER TABLE ONLY public.planning_answer
    ADD CONSTRAINT one_answer_a_person UNIQUE (activity_id, person_id);

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT one_history_of_live_work UNIQUE (organisation_id, service_id);

ALTER TABLE ONLY public.parties_personskill
    ADD CONSTRAINT one_level_a_person_and_skill UNIQUE (skill_id, person_id);

ALTER TABLE ONLY public.platform_notificationpreference
    ADD CONSTRAINT one_preference_a_kind UNIQUE (person_id, kind);

ALTER TABLE ONLY public.planning_rate
    ADD CONSTRAINT one_rate_a_name UNIQUE (organisation_id, kind, name);

ALTER TABLE ONLY public.parties_participant
    ADD CONSTRAINT participant_named_once UNIQUE (engagement_id, person_id, organisation_id);

ALTER TABLE ONLY public.parties_absence
    ADD CONSTRAINT parties_absence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_engagement
    ADD CONSTRAINT parties_engagement_between UNIQUE (id, client_id, provider_id);

ALTER TABLE ONLY public.parties_engagement
    ADD CONSTRAINT parties_engagement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_engagement
    ADD CONSTRAINT parties_engagement_token_digest_key UNIQUE (token_digest);

ALTER TABLE ONLY public.parties_failedattempts
    ADD CONSTRAINT parties_failedattempts_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_token_digest_key UNIQUE (token_digest);

ALTER TABLE ONLY public.parties_membership
    ADD CONSTRAINT parties_membership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_organisation
    ADD CONSTRAINT parties_organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_participant
    ADD CONSTRAINT parties_participant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_person
    ADD CONSTRAINT parties_person_email_key UNIQUE (email);

ALTER TABLE ONLY public.parties_person
    ADD CONSTRAINT parties_person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_personskill
    ADD CONSTRAINT parties_personskill_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_skill
    ADD CONSTRAINT parties_skill_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_team
    ADD CONSTRAINT parties_team_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_teammembership
    ADD CONSTRAINT parties_teammembership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parties_token
    ADD CONSTRAINT parties_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.parties_token
    ADD CONSTRAINT parties_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_activity
    ADD CONSTRAINT planning_activity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_answer
    ADD CONSTRAINT planning_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_function
    ADD CONSTRAINT planning_function_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_rate
    ADD CONSTRAINT planning_rate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_auditchain
    ADD CONSTRAINT platform_auditchain_pkey PRIMARY KEY (subject_kind, subject_id);

ALTER TABLE ONLY public.platform_auditcheckpoint
    ADD CONSTRAINT platform_auditcheckpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_auditcheckpoint
    ADD CONSTRAINT platform_auditcheckpoint_size_key UNIQUE (size);

ALTER TABLE ONLY public.platform_auditentry
    ADD CONSTRAINT platform_auditentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_auditleaf
    ADD CONSTRAINT platform_auditleaf_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.platform_auditleaf
    ADD CONSTRAINT platform_auditleaf_pkey PRIMARY KEY (index);

ALTER TABLE ONLY public.platform_auditnode
    ADD CONSTRAINT platform_auditnode_pkey PRIMARY KEY (level, index);

ALTER TABLE ONLY public.platform_auditpending
    ADD CONSTRAINT platform_auditpending_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.platform_auditvalues
    ADD CONSTRAINT platform_auditvalues_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.platform_idempotencykey
    ADD CONSTRAINT platform_idempotencykey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_job
    ADD CONSTRAINT platform_job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_notification
    ADD CONSTRAINT platform_notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_notificationpreference
    ADD CONSTRAINT platform_notificationpreference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_reachablehours
    ADD CONSTRAINT platform_reachablehours_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.platform_requestallowance
    ADD CONSTRAINT platform_requestallowance_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.platform_storedfile
    ADD CONSTRAINT platform_storedfile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_webhookcursor
    ADD CONSTRAINT platform_webhookcursor_pkey PRIMARY KEY (source);

ALTER TABLE ONLY public.platform_webhookdelivery
    ADD CONSTRAINT platform_webhookdelivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_webhookendpoint
    ADD CONSTRAINT platform_webhookendpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_webhookmessage
    ADD CONSTRAINT platform_webhookmessage_key_key UNIQUE (key);

ALTER TABLE ONLY public.platform_webhookmessage
    ADD CONSTRAINT platform_webhookmessage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.platform_webhooksecret
    ADD CONSTRAINT platform_webhooksecret_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations_reader
    ADD CONSTRAINT reader_once_a_thread UNIQUE (person_id, organisation_id, thread_id);

ALTER TABLE ONLY public.work_recordsnapshot
    ADD CONSTRAINT record_snapshot_once UNIQUE (service_id, "table", month, revision);

ALTER TABLE ONLY public.work_route
    ADD CONSTRAINT route_once UNIQUE (service_id, node, language, organisation_id);

ALTER TABLE ONLY public.work_samplingrate
    ADD CONSTRAINT sampling_rate_once UNIQUE NULLS NOT DISTINCT (service_id, kind, person_id);

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT service_key_once UNIQUE (engagement_id, key);

ALTER TABLE ONLY public.work_servicesource
    ADD CONSTRAINT service_source_once UNIQUE NULLS NOT DISTINCT (version_id, internal_to);

ALTER TABLE ONLY public.work_serviceversion
    ADD CONSTRAINT service_version_once UNIQUE (service_id, number);

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_socialaccount_provider_uid_fc810c6e_uniq UNIQUE (provider, uid);

ALTER TABLE ONLY public.socialaccount_socialapp
    ADD CONSTRAINT socialaccount_socialapp_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_app_id_account_id_fca4e0ac_uniq UNIQUE (app_id, account_id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_socialtoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT terms_change_once_a_moment UNIQUE (service_id, since);

ALTER TABLE ONLY public.conversations_thread
    ADD CONSTRAINT thread_once_a_subject UNIQUE (subject_kind, subject_id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);

ALTER TABLE ONLY public.platform_webhookdelivery
    ADD CONSTRAINT webhook_delivery_once UNIQUE (endpoint_id, message_id);

ALTER TABLE ONLY public.work_acknowledgement
    ADD CONSTRAINT work_acknowledgement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_alarm
    ADD CONSTRAINT work_alarm_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_arrival
    ADD CONSTRAINT work_arrival_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_draw
    ADD CONSTRAINT work_draw_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_entitlement
    ADD CONSTRAINT work_entitlement_pkey PRIMARY KEY (person_id, organisation_id, route_id);

ALTER TABLE ONLY public.work_event
    ADD CONSTRAINT work_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_finding
    ADD CONSTRAINT work_finding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_goldcase
    ADD CONSTRAINT work_goldcase_item_id_key UNIQUE (item_id);

ALTER TABLE ONLY public.work_goldcase
    ADD CONSTRAINT work_goldcase_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_importbatch
    ADD CONSTRAINT work_importbatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_importline
    ADD CONSTRAINT work_importline_pkey PRIMARY KEY (batch_id, line);

ALTER TABLE ONLY public.work_inspection
    ADD CONSTRAINT work_inspection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_item
    ADD CONSTRAINT work_item_between UNIQUE (id, client_id, provider_id);

ALTER TABLE ONLY public.work_item
    ADD CONSTRAINT work_item_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_itemprivate
    ADD CONSTRAINT work_itemprivate_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_presence
    ADD CONSTRAINT work_presence_pkey PRIMARY KEY (person_id, organisation_id);

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_queuecount
    ADD CONSTRAINT work_queuecount_pkey PRIMARY KEY (route_id);

ALTER TABLE ONLY public.work_recordsnapshot
    ADD CONSTRAINT work_recordsnapshot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_route
    ADD CONSTRAINT work_route_between UNIQUE (id, client_id, provider_id);

ALTER TABLE ONLY public.work_route
    ADD CONSTRAINT work_route_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_samplingrate
    ADD CONSTRAINT work_samplingrate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_between UNIQUE (id, client_id, provider_id);

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_servicesecret
    ADD CONSTRAINT work_servicesecret_pkey PRIMARY KEY (service_id);

ALTER TABLE ONLY public.work_servicesource
    ADD CONSTRAINT work_servicesource_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_serviceversion
    ADD CONSTRAINT work_serviceversion_between UNIQUE (id, client_id, provider_id);

ALTER TABLE ONLY public.work_serviceversion
    ADD CONSTRAINT work_serviceversion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_step
    ADD CONSTRAINT work_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work_stepdraft
    ADD CONSTRAINT work_stepdraft_pkey PRIMARY KEY (step_id);

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT work_termschange_pkey PRIMARY KEY (id);

CREATE INDEX absence_by_end ON public.parties_absence USING btree (organisation_id, ends_at);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX alarm_to_tell ON public.work_alarm USING btree (deliver_at, id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX audit_by_organisation ON public.platform_auditentry USING btree (organisation_id, id DESC);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX backdesk_cache_cache_key_38f13b6c_like ON public.backdesk_cache USING btree (cache_key varchar_pattern_ops);

CREATE INDEX backdesk_cache_expires_9caa58d3 ON public.backdesk_cache USING btree (expires);

CREATE INDEX conversations_mention_message_id_092f4b14 ON public.conversations_mention USING btree (message_id);

CREATE INDEX conversations_mention_person_id_7850a9e2 ON public.conversations_mention USING btree (person_id);

CREATE INDEX conversations_reader_thread_id_32a2f714 ON public.conversations_reader USING btree (thread_id);

CREATE INDEX conversations_thread_client_id_b4aa5fd5 ON public.conversations_thread USING btree (client_id);

CREATE INDEX conversations_thread_provider_id_4caf75f0 ON public.conversations_thread USING btree (provider_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX document_by_content ON public.work_document USING btree (service_id, sha256);

CREATE INDEX document_without_item ON public.work_document USING btree (added_at) WHERE (item_id IS NULL);

CREATE INDEX draw_by_service ON public.work_draw USING btree (service_id, id DESC);

CREATE INDEX event_by_transaction ON public.work_event USING btree (transaction, id);

CREATE INDEX event_out_of_turn ON public.work_event USING btree (organisation_id, at) WHERE (((kind)::text = ANY ((ARRAY['step given back'::character varying, 'step returned'::character varying])::text[])) OR ((data -> 'chosen'::text) = 'true'::jsonb));

CREATE INDEX failed_attempts_by_age ON public.parties_failedattempts USING btree (last_failed_at);

CREATE INDEX file_by_checksum ON public.platform_storedfile USING btree (organisation_id, sha256);

CREATE INDEX finding_by_service ON public.work_finding USING btree (service_id, id DESC);

CREATE INDEX finding_to_answer ON public.work_finding USING btree (service_id, disputed_at) WHERE ((state)::text = 'disputed'::text);

CREATE INDEX gold_case_open ON public.work_goldcase USING btree (id) WHERE ((compared_at IS NULL) AND (item_id IS NOT NULL));

CREATE INDEX gold_case_waiting ON public.work_goldcase USING btree (service_id, id) WHERE ((item_id IS NULL) AND (withdrawn_at IS NULL));

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX import_by_organisation ON public.work_importbatch USING btree (organisation_id, id DESC);

CREATE INDEX import_line_not_created ON public.work_importline USING btree (batch_id, outcome, line) WHERE (NOT ((outcome)::text = 'created'::text));

CREATE INDEX inspection_by_service ON public.work_inspection USING btree (service_id, at);

CREATE INDEX item_by_service ON public.work_item USING btree (service_id, id DESC);

CREATE INDEX item_cancelled ON public.work_item USING btree (service_id, id DESC) WHERE ((state)::text = 'cancelled'::text);

CREATE UNIQUE INDEX item_once_a_business_key ON public.work_item USING btree (service_id, business_key) WHERE ((NOT ((business_key)::text = ''::text)) AND (NOT ((state)::text = 'cancelled'::text)));

CREATE INDEX item_open_by_due ON public.work_item USING btree (service_id, due_at, id) WHERE ((state)::text = 'open'::text);

CREATE INDEX item_paused ON public.work_item USING btree (service_id, id) WHERE is_paused;

CREATE INDEX item_to_accept ON public.work_item USING btree (service_id, delivered_at) WHERE ((state)::text = 'delivered'::text);

CREATE INDEX job_by_organisation ON public.platform_job USING btree (organisation_id, id DESC);

CREATE INDEX job_by_subject ON public.platform_job USING btree (subject_kind, subject_id, id DESC);

CREATE UNIQUE INDEX membership_once_at_a_time ON public.parties_membership USING btree (person_id, organisation_id, role) WHERE (ended_at IS NULL);

CREATE INDEX message_by_client ON public.conversations_message USING btree (client_id, id DESC);

CREATE INDEX message_by_provider ON public.conversations_message USING btree (provider_id, id DESC);

CREATE INDEX message_by_thread ON public.conversations_message USING btree (thread_id, id);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX notification_by_person ON public.platform_notification USING btree (person_id, id DESC);

CREATE INDEX notification_email_due ON public.platform_notification USING btree (email_due_at) WHERE (email_due_at IS NOT NULL);

CREATE UNIQUE INDEX notification_once_while_unread ON public.platform_notification USING btree (person_id, kind, subject_kind, subject_id) WHERE ((read_at IS NULL) AND (NOT ((subject_id)::text = ''::text)));

CREATE INDEX notification_unread ON public.platform_notification USING btree (person_id) WHERE (in_app AND (read_at IS NULL));

CREATE UNIQUE INDEX one_open_invitation_an_address ON public.parties_invitation USING btree (organisation_id, email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

CREATE INDEX parties_absence_organisation_id_6b5d6de2 ON public.parties_absence USING btree (organisation_id);

CREATE INDEX parties_absence_person_id_bff239c6 ON public.parties_absence USING btree (person_id);

CREATE INDEX parties_engagement_client_id_d206f81c ON public.parties_engagement USING btree (client_id);

CREATE INDEX parties_engagement_provider_id_27c68c27 ON public.parties_engagement USING btree (provider_id);

CREATE INDEX parties_engagement_token_digest_12e83d26_like ON public.parties_engagement USING btree (token_digest varchar_pattern_ops);

CREATE INDEX parties_failedattempts_key_170be301_like ON public.parties_failedattempts USING btree (key varchar_pattern_ops);

CREATE INDEX parties_invitation_accepted_by_id_55198744 ON public.parties_invitation USING btree (accepted_by_id);

CREATE INDEX parties_invitation_invited_by_id_a87e56bd ON public.parties_invitation USING btree (invited_by_id);

CREATE INDEX parties_invitation_organisation_id_e26ee9ea ON public.parties_invitation USING btree (organisation_id);

CREATE INDEX parties_invitation_team_id_5b2d076e ON public.parties_invitation USING btree (team_id);

CREATE INDEX parties_invitation_token_digest_ddaea3ce_like ON public.parties_invitation USING btree (token_digest varchar_pattern_ops);

CREATE INDEX parties_membership_organisation_id_c24a77b1 ON public.parties_membership USING btree (organisation_id);

CREATE INDEX parties_membership_person_id_6a0ce50d ON public.parties_membership USING btree (person_id);

CREATE INDEX parties_participant_engagement_id_4b8c96fc ON public.parties_participant USING btree (engagement_id);

CREATE INDEX parties_participant_organisation_id_55735aef ON public.parties_participant USING btree (organisation_id);

CREATE INDEX parties_participant_person_id_664f4108 ON public.parties_participant USING btree (person_id);

CREATE INDEX parties_person_email_33498a85_like ON public.parties_person USING btree (email varchar_pattern_ops);

CREATE INDEX parties_personskill_person_id_ef161b12 ON public.parties_personskill USING btree (person_id);

CREATE INDEX parties_personskill_skill_id_e294db66 ON public.parties_personskill USING btree (skill_id);

CREATE INDEX parties_skill_organisation_id_cc4ec53a ON public.parties_skill USING btree (organisation_id);

CREATE INDEX parties_team_organisation_id_306bb777 ON public.parties_team USING btree (organisation_id);

CREATE INDEX parties_teammembership_person_id_dddb8aab ON public.parties_teammembership USING btree (person_id);

CREATE INDEX parties_teammembership_team_id_1ff8ec2d ON public.parties_teammembership USING btree (team_id);

CREATE INDEX parties_token_digest_fbf5658d_like ON public.parties_token USING btree (digest varchar_pattern_ops);

CREATE INDEX parties_token_organisation_id_764238a4 ON public.parties_token USING btree (organisation_id);

CREATE INDEX parties_token_person_id_e563c43f ON public.parties_token USING btree (person_id);

CREATE INDEX pause_to_decide ON public.work_pause USING btree (client_id, proposed_at) WHERE ((state)::text = 'proposed'::text);

CREATE INDEX planning_activity_function_id_b7c9f583 ON public.planning_activity USING btree (function_id);

CREATE INDEX planning_activity_history_id_39757be5 ON public.planning_activity USING btree (history_id);

CREATE INDEX planning_activity_organisation_id_13108691 ON public.planning_activity USING btree (organisation_id);

CREATE INDEX planning_answer_activity_id_d2f3d20a ON public.planning_answer USING btree (activity_id);

CREATE INDEX planning_answer_organisation_id_c4c1199a ON public.planning_answer USING btree (organisation_id);

CREATE INDEX planning_answer_person_id_5770373b ON public.planning_answer USING btree (person_id);

CREATE INDEX planning_function_organisation_id_7d09fbd5 ON public.planning_function USING btree (organisation_id);

CREATE INDEX planning_rate_organisation_id_ea8e0fd3 ON public.planning_rate USING btree (organisation_id);

CREATE INDEX planning_workhistory_comparing_id_d5e95e62 ON public.planning_workhistory USING btree (comparing_id);

CREATE INDEX planning_workhistory_file_id_378e6b80 ON public.planning_workhistory USING btree (file_id);

CREATE INDEX planning_workhistory_job_id_c2da7de7 ON public.planning_workhistory USING btree (job_id);

CREATE INDEX planning_workhistory_organisation_id_388efe92 ON public.planning_workhistory USING btree (organisation_id);

CREATE INDEX planning_workhistory_process_id_e8b3bab3 ON public.planning_workhistory USING btree (process_id);

CREATE INDEX planning_workhistory_service_id_abb31b23 ON public.planning_workhistory USING btree (service_id);

CREATE INDEX platform_idempotencykey_created_at_dad7dfb1 ON public.platform_idempotencykey USING btree (created_at);

CREATE INDEX platform_webhookcursor_source_1775ee41_like ON public.platform_webhookcursor USING btree (source varchar_pattern_ops);

CREATE INDEX platform_webhookdelivery_endpoint_id_4417d00b ON public.platform_webhookdelivery USING btree (endpoint_id);

CREATE INDEX platform_webhookdelivery_message_id_b7014f3b ON public.platform_webhookdelivery USING btree (message_id);

CREATE INDEX platform_webhookmessage_created_at_baf2f757 ON public.platform_webhookmessage USING btree (created_at);

CREATE INDEX platform_webhookmessage_key_bf463705_like ON public.platform_webhookmessage USING btree (key varchar_pattern_ops);

CREATE INDEX platform_webhooksecret_endpoint_id_fc68f608 ON public.platform_webhooksecret USING btree (endpoint_id);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX question_to_answer ON public.work_question USING btree (to_id, asked_at) WHERE ((state)::text = 'open'::text);

CREATE INDEX question_waited_for ON public.work_question USING btree (from_id, asked_at) WHERE ((state)::text = 'open'::text);

CREATE UNIQUE INDEX skill_named_once ON public.parties_skill USING btree (organisation_id, lower((name)::text));

CREATE INDEX socialaccount_socialaccount_user_id_8146e70c ON public.socialaccount_socialaccount USING btree (user_id);

CREATE INDEX socialaccount_socialtoken_account_id_951f210e ON public.socialaccount_socialtoken USING btree (account_id);

CREATE INDEX socialaccount_socialtoken_app_id_636a42d7 ON public.socialaccount_socialtoken USING btree (app_id);

CREATE INDEX step_by_item ON public.work_step USING btree (item_id, id);

CREATE INDEX step_done ON public.work_step USING btree (organisation_id, ended_at) WHERE ((state)::text = 'done'::text);

CREATE INDEX step_held ON public.work_step USING btree (holder_id, id) WHERE ((state)::text = 'taken'::text);

CREATE INDEX step_queue ON public.work_step USING btree (route_id, priority, due_at, id) WHERE ((NOT is_held_back) AND ((state)::text = 'open'::text));

CREATE INDEX step_timer ON public.work_step USING btree (wakes_at) WHERE ((state)::text = 'waiting'::text);

CREATE UNIQUE INDEX team_membership_once_at_a_time ON public.parties_teammembership USING btree (team_id, person_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX team_named_once_while_open ON public.parties_team USING btree (organisation_id, lower((name)::text)) WHERE (closed_at IS NULL);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);

CREATE INDEX webhook_delivery_by_state ON public.platform_webhookdelivery USING btree (endpoint_id, state, id DESC);

CREATE INDEX webhook_due ON public.platform_webhookdelivery USING btree (endpoint_id, due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX webhook_endpoint_by_owner ON public.platform_webhookendpoint USING btree (organisation_id, id);

CREATE INDEX work_acknowledgement_person_id_75b65df3 ON public.work_acknowledgement USING btree (person_id);

CREATE INDEX work_acknowledgement_service_id_c3047883 ON public.work_acknowledgement USING btree (service_id);

CREATE INDEX work_document_item_id_4a0481b1 ON public.work_document USING btree (item_id);

CREATE INDEX work_entitlement_route_id_f14449ee ON public.work_entitlement USING btree (route_id);

CREATE INDEX work_finding_inspection_id_a6152535 ON public.work_finding USING btree (inspection_id);

CREATE INDEX work_finding_item_id_bc72a54c ON public.work_finding USING btree (item_id);

CREATE INDEX work_goldcase_service_id_7be05fa5 ON public.work_goldcase USING btree (service_id);

CREATE INDEX work_importbatch_service_id_e9ab89c4 ON public.work_importbatch USING btree (service_id);

CREATE INDEX work_inspection_item_id_3c7c9c9c ON public.work_inspection USING btree (item_id);

CREATE INDEX work_pause_item_id_986a355d ON public.work_pause USING btree (item_id);

CREATE INDEX work_pause_question_id_3e42495a ON public.work_pause USING btree (question_id);

CREATE INDEX work_question_item_id_51399a22 ON public.work_question USING btree (item_id);

CREATE INDEX work_route_service_id_0365f395 ON public.work_route USING btree (service_id);

CREATE INDEX work_samplingrate_service_id_68009cf8 ON public.work_samplingrate USING btree (service_id);

CREATE INDEX work_service_client_id_20c5c505 ON public.work_service USING btree (client_id);

CREATE INDEX work_service_current_id_881d2050 ON public.work_service USING btree (current_id);

CREATE INDEX work_service_engagement_id_fabdda46 ON public.work_service USING btree (engagement_id);

CREATE INDEX work_service_key_cc8c7d2f ON public.work_service USING btree (key);

CREATE INDEX work_service_key_cc8c7d2f_like ON public.work_service USING btree (key varchar_pattern_ops);

CREATE INDEX work_service_provider_id_2a008e86 ON public.work_service USING btree (provider_id);

CREATE INDEX work_servicesource_version_id_1da653ea ON public.work_servicesource USING btree (version_id);

CREATE INDEX work_serviceversion_service_id_ceebb741 ON public.work_serviceversion USING btree (service_id);

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE ON public.platform_auditcheckpoint FOR EACH ROW EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE ON public.platform_auditentry FOR EACH ROW EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE ON public.platform_auditleaf FOR EACH ROW EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE ON public.platform_auditnode FOR EACH ROW EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE ON public.platform_auditvalues FOR EACH ROW EXECUTE FUNCTION public.platform_audit_guard_values();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.platform_auditcheckpoint FOR EACH STATEMENT EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.platform_auditentry FOR EACH STATEMENT EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.platform_auditleaf FOR EACH STATEMENT EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.platform_auditnode FOR EACH STATEMENT EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON public.platform_auditvalues FOR EACH STATEMENT EXECUTE FUNCTION public.platform_audit_refuse();

CREATE TRIGGER audit_owner AFTER INSERT ON public.platform_auditentry FOR EACH ROW WHEN (((new.organisation_id)::text <> COALESCE(current_setting('backdesk.organisation'::text, true), ''::text))) EXECUTE FUNCTION public.parties_require_organisation();

CREATE TRIGGER engagement_between BEFORE INSERT OR UPDATE OF client_id, provider_id ON public.parties_engagement FOR EACH ROW EXECUTE FUNCTION public.work_guard_engagement();

CREATE TRIGGER held_by_a_person AFTER INSERT OR UPDATE OF holder_id ON public.work_step FOR EACH ROW WHEN (((new.holder_id IS NOT NULL) AND (CURRENT_USER <> 'backdesk'::name))) EXECUTE FUNCTION public.work_require_holder();

CREATE TRIGGER keeps_its_key AFTER UPDATE OF id ON public.parties_organisation FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.platform_stays();

CREATE TRIGGER keeps_its_key AFTER UPDATE OF id ON public.parties_person FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.platform_stays();

CREATE TRIGGER keeps_its_key AFTER UPDATE OF id, client_id, provider_id ON public.work_item FOR EACH ROW WHEN (((old.id <> new.id) OR (old.client_id <> new.client_id) OR (old.provider_id <> new.provider_id))) EXECUTE FUNCTION public.platform_stays();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

CREATE TRIGGER stays BEFORE DELETE ON public.parties_organisation FOR EACH ROW EXECUTE FUNCTION public.platform_stays();

CREATE TRIGGER stays BEFORE DELETE ON public.parties_person FOR EACH ROW EXECUTE FUNCTION public.platform_stays();

CREATE TRIGGER stays BEFORE DELETE ON public.work_item FOR EACH ROW EXECUTE FUNCTION public.platform_stays();

CREATE CONSTRAINT TRIGGER work_event_between_the_same AFTER INSERT ON public.work_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER <> 'backdesk'::name)) EXECUTE FUNCTION public.work_require_item();

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_parties_person_id FOREIGN KEY (user_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_mention
    ADD CONSTRAINT conversations_mentio_message_id_092f4b14_fk_conversat FOREIGN KEY (message_id) REFERENCES public.conversations_message(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_mention
    ADD CONSTRAINT conversations_mention_person_id_7850a9e2_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_messag_organisation_id_845b82cc_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_messag_thread_id_2e6e7032_fk_conversat FOREIGN KEY (thread_id) REFERENCES public.conversations_thread(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_message
    ADD CONSTRAINT conversations_message_author_id_3d2a10d9_fk_parties_person_id FOREIGN KEY (author_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_reader
    ADD CONSTRAINT conversations_reader_organisation_id_41266527_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_reader
    ADD CONSTRAINT conversations_reader_person_id_bf21b8a3_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_reader
    ADD CONSTRAINT conversations_reader_thread_id_32a2f714_fk_conversat FOREIGN KEY (thread_id) REFERENCES public.conversations_thread(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_thread
    ADD CONSTRAINT conversations_thread_client_id_b4aa5fd5_fk_parties_o FOREIGN KEY (client_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversations_thread
    ADD CONSTRAINT conversations_thread_provider_id_4caf75f0_fk_parties_o FOREIGN KEY (provider_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_job
    ADD CONSTRAINT job_owner FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_parties_person_id FOREIGN KEY (user_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_notification
    ADD CONSTRAINT notification_organisation FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_notification
    ADD CONSTRAINT notification_person FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_notificationpreference
    ADD CONSTRAINT notification_preference_person FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_absence
    ADD CONSTRAINT parties_absence_organisation_id_6b5d6de2_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_absence
    ADD CONSTRAINT parties_absence_person_id_bff239c6_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_engagement
    ADD CONSTRAINT parties_engagement_client_id_d206f81c_fk_parties_o FOREIGN KEY (client_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_engagement
    ADD CONSTRAINT parties_engagement_provider_id_27c68c27_fk_parties_o FOREIGN KEY (provider_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_accepted_by_id_55198744_fk_parties_person_id FOREIGN KEY (accepted_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_invited_by_id_a87e56bd_fk_parties_person_id FOREIGN KEY (invited_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_organisation_id_e26ee9ea_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_invitation
    ADD CONSTRAINT parties_invitation_team_id_5b2d076e_fk_parties_team_id FOREIGN KEY (team_id) REFERENCES public.parties_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_membership
    ADD CONSTRAINT parties_membership_organisation_id_c24a77b1_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_membership
    ADD CONSTRAINT parties_membership_person_id_6a0ce50d_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_participant
    ADD CONSTRAINT parties_participant_engagement_id_4b8c96fc_fk_parties_e FOREIGN KEY (engagement_id) REFERENCES public.parties_engagement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_participant
    ADD CONSTRAINT parties_participant_organisation_id_55735aef_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_participant
    ADD CONSTRAINT parties_participant_person_id_664f4108_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_personskill
    ADD CONSTRAINT parties_personskill_person_id_ef161b12_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_personskill
    ADD CONSTRAINT parties_personskill_skill_id_e294db66_fk_parties_skill_id FOREIGN KEY (skill_id) REFERENCES public.parties_skill(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_skill
    ADD CONSTRAINT parties_skill_organisation_id_cc4ec53a_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_team
    ADD CONSTRAINT parties_team_organisation_id_306bb777_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_teammembership
    ADD CONSTRAINT parties_teammembership_person_id_dddb8aab_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_teammembership
    ADD CONSTRAINT parties_teammembership_team_id_1ff8ec2d_fk_parties_team_id FOREIGN KEY (team_id) REFERENCES public.parties_team(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_token
    ADD CONSTRAINT parties_token_organisation_id_764238a4_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.parties_token
    ADD CONSTRAINT parties_token_person_id_e563c43f_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_activity
    ADD CONSTRAINT planning_activity_function_id_b7c9f583_fk_planning_function_id FOREIGN KEY (function_id) REFERENCES public.planning_function(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_activity
    ADD CONSTRAINT planning_activity_history_id_39757be5_fk_planning_ FOREIGN KEY (history_id) REFERENCES public.planning_workhistory(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_activity
    ADD CONSTRAINT planning_activity_organisation_id_13108691_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_answer
    ADD CONSTRAINT planning_answer_activity_id_d2f3d20a_fk_planning_activity_id FOREIGN KEY (activity_id) REFERENCES public.planning_activity(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_answer
    ADD CONSTRAINT planning_answer_organisation_id_c4c1199a_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_answer
    ADD CONSTRAINT planning_answer_person_id_5770373b_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_function
    ADD CONSTRAINT planning_function_organisation_id_7d09fbd5_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_rate
    ADD CONSTRAINT planning_rate_organisation_id_ea8e0fd3_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_comparing_id_d5e95e62_fk_platform_job_id FOREIGN KEY (comparing_id) REFERENCES public.platform_job(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_file_id_378e6b80_fk_platform_storedfile_id FOREIGN KEY (file_id) REFERENCES public.platform_storedfile(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_job_id_c2da7de7_fk_platform_job_id FOREIGN KEY (job_id) REFERENCES public.platform_job(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_organisation_id_388efe92_fk_parties_o FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_process_id_e8b3bab3_fk_platform_ FOREIGN KEY (process_id) REFERENCES public.platform_storedfile(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.planning_workhistory
    ADD CONSTRAINT planning_workhistory_service_id_abb31b23_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhookdelivery
    ADD CONSTRAINT platform_webhookdeli_endpoint_id_4417d00b_fk_platform_ FOREIGN KEY (endpoint_id) REFERENCES public.platform_webhookendpoint(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhookdelivery
    ADD CONSTRAINT platform_webhookdeli_message_id_b7014f3b_fk_platform_ FOREIGN KEY (message_id) REFERENCES public.platform_webhookmessage(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhookdelivery
    ADD CONSTRAINT platform_webhookdelivery_owner FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhookendpoint
    ADD CONSTRAINT platform_webhookendpoint_owner FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhookmessage
    ADD CONSTRAINT platform_webhookmessage_owner FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_webhooksecret
    ADD CONSTRAINT platform_webhooksecr_endpoint_id_fc68f608_fk_platform_ FOREIGN KEY (endpoint_id) REFERENCES public.platform_webhookendpoint(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_account_id_951f210e_fk_socialacc FOREIGN KEY (account_id) REFERENCES public.socialaccount_socialaccount(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.socialaccount_socialtoken
    ADD CONSTRAINT socialaccount_social_app_id_636a42d7_fk_socialacc FOREIGN KEY (app_id) REFERENCES public.socialaccount_socialapp(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.socialaccount_socialaccount
    ADD CONSTRAINT socialaccount_social_user_id_8146e70c_fk_parties_p FOREIGN KEY (user_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.platform_storedfile
    ADD CONSTRAINT stored_file_owner FOREIGN KEY (organisation_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_parties_person_id FOREIGN KEY (user_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_acknowledgement
    ADD CONSTRAINT work_acknowledgement_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_acknowledgement
    ADD CONSTRAINT work_acknowledgement_person_id_75b65df3_fk_parties_person_id FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_acknowledgement
    ADD CONSTRAINT work_acknowledgement_service_id_c3047883_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_alarm
    ADD CONSTRAINT work_alarm_item_id_0ed019d3_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_arrival
    ADD CONSTRAINT work_arrival_batch_id_e9de8f5d_fk_work_importbatch_id FOREIGN KEY (batch_id) REFERENCES public.work_importbatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_arrival
    ADD CONSTRAINT work_arrival_item_id_79b44c77_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_arrival
    ADD CONSTRAINT work_arrival_service_id_cc06de0b_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_between_the_same_item FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_file_id_ae3bcb14_fk_platform_storedfile_id FOREIGN KEY (file_id) REFERENCES public.platform_storedfile(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_item_id_4a0481b1_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_service_id_8df8a3b5_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_document
    ADD CONSTRAINT work_document_step_id_d19a8f0a_fk_work_step_id FOREIGN KEY (step_id) REFERENCES public.work_step(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_draw
    ADD CONSTRAINT work_draw_service_id_da3289ea_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_entitlement
    ADD CONSTRAINT work_entitlement_of_a_person FOREIGN KEY (person_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_entitlement
    ADD CONSTRAINT work_entitlement_route_id_f14449ee_fk_work_route_id FOREIGN KEY (route_id) REFERENCES public.work_route(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_finding
    ADD CONSTRAINT work_finding_between_the_same FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_finding
    ADD CONSTRAINT work_finding_inspection_id_a6152535_fk_work_inspection_id FOREIGN KEY (inspection_id) REFERENCES public.work_inspection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_finding
    ADD CONSTRAINT work_finding_item_id_bc72a54c_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_finding
    ADD CONSTRAINT work_finding_service_id_f790ab78_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_goldcase
    ADD CONSTRAINT work_goldcase_item_id_c7a0a2cb_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_goldcase
    ADD CONSTRAINT work_goldcase_service_id_7be05fa5_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_importbatch
    ADD CONSTRAINT work_importbatch_file_id_d6996379_fk_platform_storedfile_id FOREIGN KEY (file_id) REFERENCES public.platform_storedfile(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_importbatch
    ADD CONSTRAINT work_importbatch_job_id_184d07f5_fk_platform_job_id FOREIGN KEY (job_id) REFERENCES public.platform_job(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_importbatch
    ADD CONSTRAINT work_importbatch_service_id_e9ab89c4_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_importline
    ADD CONSTRAINT work_importline_batch_id_293be5a5_fk_work_importbatch_id FOREIGN KEY (batch_id) REFERENCES public.work_importbatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_importline
    ADD CONSTRAINT work_importline_item_id_e57dd966_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_inspection
    ADD CONSTRAINT work_inspection_between_the_same FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_inspection
    ADD CONSTRAINT work_inspection_item_id_3c7c9c9c_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_inspection
    ADD CONSTRAINT work_inspection_service_id_4d55edba_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_item
    ADD CONSTRAINT work_item_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_item
    ADD CONSTRAINT work_item_version_id_67026e25_fk_work_serviceversion_id FOREIGN KEY (version_id) REFERENCES public.work_serviceversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_itemprivate
    ADD CONSTRAINT work_itemprivate_item_id_1b4546a6_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_between_the_same FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_decided_by_id_550d58d0_fk_parties_person_id FOREIGN KEY (decided_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_item_id_986a355d_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_proposed_by_id_4a15be57_fk_parties_person_id FOREIGN KEY (proposed_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_pause
    ADD CONSTRAINT work_pause_question_id_3e42495a_fk_work_question_id FOREIGN KEY (question_id) REFERENCES public.work_question(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_answered_by_id_4ba4d22d_fk_parties_person_id FOREIGN KEY (answered_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_asked_by_id_6facab3a_fk_parties_person_id FOREIGN KEY (asked_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_between_the_same FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_item_id_51399a22_fk_work_item_id FOREIGN KEY (item_id) REFERENCES public.work_item(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_question
    ADD CONSTRAINT work_question_step_id_1a62faa7_fk_work_step_id FOREIGN KEY (step_id) REFERENCES public.work_step(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_queuecount
    ADD CONSTRAINT work_queuecount_between_the_same FOREIGN KEY (route_id, client_id, provider_id) REFERENCES public.work_route(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_queuecount
    ADD CONSTRAINT work_queuecount_route_id_422231ea_fk_work_route_id FOREIGN KEY (route_id) REFERENCES public.work_route(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_recordsnapshot
    ADD CONSTRAINT work_recordsnapshot_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_recordsnapshot
    ADD CONSTRAINT work_recordsnapshot_service_id_711b3ec7_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_route
    ADD CONSTRAINT work_route_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_route
    ADD CONSTRAINT work_route_service_id_0365f395_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_samplingrate
    ADD CONSTRAINT work_samplingrate_service_id_68009cf8_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_between_the_same FOREIGN KEY (engagement_id, client_id, provider_id) REFERENCES public.parties_engagement(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_client_id_20c5c505_fk_parties_organisation_id FOREIGN KEY (client_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_current_id_881d2050_fk_work_serviceversion_id FOREIGN KEY (current_id) REFERENCES public.work_serviceversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_engagement_id_fabdda46_fk_parties_engagement_id FOREIGN KEY (engagement_id) REFERENCES public.parties_engagement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_service
    ADD CONSTRAINT work_service_provider_id_2a008e86_fk_parties_organisation_id FOREIGN KEY (provider_id) REFERENCES public.parties_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_servicesecret
    ADD CONSTRAINT work_servicesecret_service_id_b4409913_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_servicesource
    ADD CONSTRAINT work_servicesource_between_the_same FOREIGN KEY (version_id, client_id, provider_id) REFERENCES public.work_serviceversion(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_servicesource
    ADD CONSTRAINT work_servicesource_version_id_1da653ea_fk_work_serv FOREIGN KEY (version_id) REFERENCES public.work_serviceversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_serviceversion
    ADD CONSTRAINT work_serviceversion_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_serviceversion
    ADD CONSTRAINT work_serviceversion_service_id_ceebb741_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_step
    ADD CONSTRAINT work_step_between_the_same FOREIGN KEY (item_id, client_id, provider_id) REFERENCES public.work_item(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_step
    ADD CONSTRAINT work_step_route_id_4f74bd6d_fk_work_route_id FOREIGN KEY (route_id) REFERENCES public.work_route(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_stepdraft
    ADD CONSTRAINT work_stepdraft_step_id_f5d06f8a_fk_work_step_id FOREIGN KEY (step_id) REFERENCES public.work_step(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT work_termschange_between_the_same FOREIGN KEY (service_id, client_id, provider_id) REFERENCES public.work_service(id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT work_termschange_made_by_id_b7584ad4_fk_parties_person_id FOREIGN KEY (made_by_id) REFERENCES public.parties_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT work_termschange_service_id_b44e1221_fk_work_service_id FOREIGN KEY (service_id) REFERENCES public.work_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.work_termschange
    ADD CONSTRAINT work_termschange_version_id_ed786e1c_fk_work_serviceversion_id FOREIGN KEY (version_id) REFERENCES public.work_serviceversion(id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('parties', '0001_initial', now()),
    ('account', '0001_initial', now()),
    ('account', '0002_email_max_length', now()),
    ('account', '0003_alter_emailaddress_create_unique_verified_email', now()),
    ('account', '0004_alter_emailaddress_drop_unique_email', now()),
    ('account', '0005_emailaddress_idx_upper_email', now()),
    ('account', '0006_emailaddress_lower', now()),
    ('account', '0007_emailaddress_idx_email', now()),
    ('account', '0008_emailaddress_unique_primary_email_fixup', now()),
    ('account', '0009_emailaddress_unique_primary_email', now()),
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('platform', '0001_initial', now()),
    ('platform', '0002_audit_append_only', now()),
    ('platform', '0003_notifications', now()),
    ('parties', '0002_owners', now()),
    ('parties', '0003_tokens', now()),
    ('parties', '0004_teams_skills_absences_invitations', now()),
    ('parties', '0005_owners_of_notifications', now()),
    ('parties', '0006_signing_in', now()),
    ('parties', '0007_erased_people', now()),
    ('parties', '0008_engagements', now()),
    ('conversations', '0001_threads_messages_readers', now()),
    ('conversations', '0002_internal_threads', now()),
    ('mfa', '0001_initial', now()),
    ('mfa', '0002_authenticator_timestamps', now()),
    ('mfa', '0003_authenticator_type_uniq', now()),
    ('platform', '0004_audit_chains', now()),
    ('platform', '0005_requests', now()),
    ('platform', '0006_audit_erase_in_scope', now()),
    ('platform', '0007_audit_append_as_owner', now()),
    ('platform', '0008_webhooks', now()),
    ('platform', '0009_reachable_hours', now()),
    ('platform', '0010_audit_begin', now()),
    ('platform', '0011_count_request', now()),
    ('platform', '0012_audit_append_in_one', now()),
    ('platform', '0013_job_language', now()),
    ('platform', '0014_stays', now()),
    ('parties', '0009_owners_of_webhooks', now()),
    ('parties', '0010_working_hours', now()),
    ('parties', '0011_people_and_companies_stay', now()),
    ('parties', '0012_names_in_one_line', now()),
    ('work', '0001_services_items_steps_events', now()),
    ('work', '0002_engine', now()),
    ('work', '0003_recording', now()),
    ('work', '0004_intake', now()),
    ('work', '0005_presence', now()),
    ('work', '0006_lists', now()),
    ('work', '0007_clocks', now()),
    ('work', '0008_quality', now()),
    ('work', '0009_taking', now()),
    ('work', '0010_standard_times', now()),
    ('work', '0011_record_snapshots', now()),
    ('work', '0012_ages', now()),
    ('work', '0013_held_back', now()),
    ('work', '0014_taking_in_order', now()),
    ('work', '0015_gold_apart', now()),
    ('work', '0016_of_one_engagement', now()),
    ('work', '0017_look_a_little_further', now()),
    ('work', '0018_known_so_far', now()),
    ('planning', '0001_initial', now()),
    ('planning', '0002_longer_function_names', now()),
    ('planning', '0003_finer_rates', now()),
    ('planning', '0004_files_that_are_no_log', now()),
    ('planning', '0005_compared_with_a_process', now()),
    ('planning', '0006_histories_of_live_work', now()),
    ('planning', '0007_names_in_one_line', now()),
    ('platform', '0015_webhooks_begin_anew', now()),
    ('procrastinate', '0001_initial', now()),
    ('procrastinate', '0002_drop_started_at_column', now()),
    ('procrastinate', '0003_drop_started_at_column', now()),
    ('procrastinate', '0004_drop_procrastinate_version_table', now()),
    ('procrastinate', '0005_fix_procrastinate_fetch_job', now()),
    ('procrastinate', '0006_fix_trigger_status_events_insert', now()),
    ('procrastinate', '0007_add_queueing_lock_column', now()),
    ('procrastinate', '0008_close_fetch_job_race_condition', now()),
    ('procrastinate', '0009_add_defer_job_function', now()),
    ('procrastinate', '0010_add_procrastinate_periodic_defers', now()),
    ('procrastinate', '0011_add_foreign_key_index', now()),
    ('procrastinate', '0012_add_locks_to_periodic_defer', now()),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
    ('procrastinate', '0015_add_trigger_on_job_deletion', now()),
    ('procrastinate', '0016_delete_finished_jobs', now()),
    ('procrastinate', '0017_add_checks_to_finish_job', now()),
    ('procrastinate', '0018_add_checks_to_retry_job', now()),
    ('procrastinate', '0019_fix_finish_job_compat_issue', now()),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
    ('procrastinate', '0022_null_locks_excluded', now()),
    ('procrastinate', '0023_remove_old_finish_job_function', now()),
    ('procrastinate', '0024_job_id_bigint', now()),
    ('procrastinate', '0025_add_models', now()),
    ('procrastinate', '0026_add_job_priority', now()),
    ('procrastinate', '0027_add_periodic_job_priority', now()),
    ('procrastinate', '0028_add_cancel_states', now()),
    ('procrastinate', '0029_add_additional_params_to_retry_job', now()),
    ('procrastinate', '0030_alter_procrastinateevent_options', now()),
    ('procrastinate', '0031_add_indexes_for_fetch_job', now()),
    ('procrastinate', '0032_pre_cancel_notification', now()),
    ('procrastinate', '0033_post_cancel_notification', now()),
    ('procrastinate', '0034_pre_add_heartbeat', now()),
    ('procrastinate', '0035_post_add_heartbeat', now()),
    ('procrastinate', '0036_add_worker_model', now()),
    ('procrastinate', '0037_pre_batch_defer_jobs', now()),
    ('procrastinate', '0038_post_batch_defer_jobs', now()),
    ('procrastinate', '0039_pre_priority_lock_fetch_job', now()),
    ('procrastinate', '0040_pre_retry_failed_job', now()),
    ('procrastinate', '0041_post_retry_failed_job', now()),
    ('sessions', '0001_initial', now()),
    ('socialaccount', '0001_initial', now()),
    ('socialaccount', '0002_token_max_lengths', now()),
    ('socialaccount', '0003_extra_data_default_dict', now()),
    ('socialaccount', '0004_app_provider_id_settings', now()),
    ('socialaccount', '0005_socialtoken_nullable_app', now()),
    ('socialaccount', '0006_alter_socialaccount_extra_data', now()),
    ('usersessions', '0001_initial', now()),
    ('work', '0019_of_one_service_too', now()),
    ('work', '0020_begun_together', now()),
    ('work', '0021_each_queue_once', now()),
    ('work', '0022_taken_in_one', now()),
    ('work', '0023_heads_of_queues', now()),
    ('work', '0024_kept_for_who_is_there', now()),
    ('work', '0025_begun_with_less', now()),
    ('work', '0026_claimed_with_less', now()),
    ('work', '0027_told_whole', now());
