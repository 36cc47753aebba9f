from array import array

from django.db import migrations, models

ROWS_AT_ONCE = 200


def keep_signs(apps, schema_editor):
    """Of the embeddings that are there: by their signs those are found that are worth comparing."""
    seen = apps.get_model("drafting", "SeenText")
    rows = seen.objects.filter(embedding__isnull=False).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).only("pk", "embedding")[:ROWS_AT_ONCE]):
        for row in batch:
            numbers = array("f")
            stored = bytes(row.embedding)
            numbers.frombytes(stored[: len(stored) // numbers.itemsize * numbers.itemsize])
            if numbers:
                bits = int("".join("1" if one > 0 else "0" for one in numbers), 2)
                row.embedding_signs = bits.to_bytes((len(numbers) + 7) // 8, "big")
        seen.objects.bulk_update(batch, ["embedding_signs"])
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ("drafting", "0001_similar"),
    ]

    operations = [
        migrations.AddField(
            model_name="seentext",
            name="embedding_signs",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="seentext",
            name="embedding_failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="seentext",
            name="embedding_not_before",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(keep_signs, migrations.RunPython.noop, elidable=True),
    ]
